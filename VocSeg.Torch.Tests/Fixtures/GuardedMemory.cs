using System.Runtime.InteropServices;

namespace VocSeg.Torch.Tests;

/// <summary>
/// Bytes with a page before and behind them that nobody may touch: whoever reads beyond them ends the process. Elsewhere
/// than on Linux it is memory as any other.
/// </summary>
internal sealed unsafe partial class GuardedMemory : IDisposable
{
    private const int Page = 4096, NoAccess = 0, ReadWrite = 3, PrivateAnonymous = 0x22;
    private readonly nuint length;
    private readonly byte* pages;

    /// <param name="content">What it holds.</param>
    /// <param name="isAtEnd">Whether it ends where the page behind begins; else it begins where the page before ends.</param>
    internal GuardedMemory(ReadOnlySpan<byte> content, bool isAtEnd)
    {
        var pageCount = (content.Length + Page - 1) / Page;
        length = (nuint)(pageCount + 2) * Page;
        if (OperatingSystem.IsLinux())
        {
            pages = (byte*)Map(null, length, ReadWrite, PrivateAnonymous, -1, 0);
            Assert.Equal(0, Protect(pages, Page, NoAccess));
            Assert.Equal(0, Protect(pages + length - Page, Page, NoAccess));
        }
        else
        {
            pages = (byte*)NativeMemory.AllocZeroed(length);
        }
        Address = isAtEnd ? pages + length - Page - content.Length : pages + Page;
        content.CopyTo(new(Address, content.Length));
    }

    internal byte* Address { get; }

    public void Dispose()
    {
        if (OperatingSystem.IsLinux())
            Assert.Equal(0, Unmap(pages, length));
        else
            NativeMemory.Free(pages);
    }

    [LibraryImport("libc", EntryPoint = "mmap")]
    private static partial void* Map(void* address, nuint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "mprotect")]
    private static partial int Protect(void* address, nuint length, int protection);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int Unmap(void* address, nuint length);
}
