using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    private static Device? cudaDevice;
    private static Device defaultDevice = new(DeviceType.CPU);

    public static readonly Device CPU = InitializeDevice(new Device(DeviceType.CPU));
    public static readonly Device META = InitializeDevice(new Device(DeviceType.META));
    public static Device CUDA => cudaDevice ??= InitializeDevice(new Device(DeviceType.CUDA));

    public static Device device(string description) => InitializeDevice(new Device(description));
    public static Device device(string deviceType, int index = -1) => InitializeDevice(new Device(deviceType, index));
    public static Device device(DeviceType deviceType, int index = -1) => InitializeDevice(new Device(deviceType, index));
    public static Device device(int index) => new(DeviceType.CUDA, index);

    public static Device get_default_device() => defaultDevice;
    public static void set_default_device(Device device)
        => defaultDevice = device ?? throw new ArgumentNullException(nameof(device));
    public static void set_default_device(string device) => set_default_device(new Device(device));

    public static bool TryInitializeDeviceType(DeviceType deviceType) => deviceType switch
    {
        DeviceType.MPS => false,
        DeviceType.CUDA => Bridge.cuda_device_count() > 0,
        _ => true,
    };

    public static void InitializeDeviceType(DeviceType deviceType)
    {
        if (deviceType == DeviceType.MPS)
            throw new InvalidOperationException("Torch device type 'MPS' is not available on this platform.");
        if (!TryInitializeDeviceType(deviceType))
            throw new InvalidOperationException($"Torch device type {deviceType} did not initialise on the current machine.");
    }

    public static Device InitializeDevice(Device? device)
    {
        device ??= get_default_device();
        InitializeDeviceType(device.type);
        return device;
    }

    public static bool cuda_is_available() => cuda.is_available();
    public static bool mps_is_available() => false;
}
