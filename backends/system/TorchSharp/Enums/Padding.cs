namespace TorchSharp;

public enum Padding { Valid = 0, Same = 1 }
