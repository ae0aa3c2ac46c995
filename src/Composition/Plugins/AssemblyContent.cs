using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Orchestrator.Composition;

/// <summary>
/// A file that may be an assembly, as it was when it was read: what is looked at is what the hash
/// is of.
/// </summary>
/// <param name="Name">Its path in the plugin's folder.</param>
/// <param name="Hash">Hexadecimal SHA-256; of a file that is not read, what is known of it.</param>
/// <param name="Bytes">Empty for what is not read.</param>
internal sealed record AssemblyContent(string Name, string Hash, byte[] Bytes)
{
    // What is larger is a native library, or no plugin's.
    private const long Largest = 64L << 20;

    /// <summary>
    /// Whether it is an image without metadata, or too large to have any: a plugin for several
    /// systems brings tens of megabytes of them.
    /// </summary>
    public bool IsNative { get; private init; }

    /// <exception cref="IOException">It cannot be read.</exception>
    public static AssemblyContent Read(string folder, string name)
    {
        var file = Path.Combine(folder, name);
        var length = FolderFiles.Length(file);
        if (length is 0 or > Largest)
        {
            return new AssemblyContent(name, $"{length} bytes", []) { IsNative = length > 0 };
        }

        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        Span<byte> head = stackalloc byte[1024];
        head = head[..stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)];
        if (HasNoMetadata(head))
        {
            return new AssemblyContent(name, $"native, {length} bytes", []) { IsNative = true };
        }

        stream.Position = 0;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return new AssemblyContent(name, Convert.ToHexStringLower(SHA256.HashData(bytes)), bytes);
    }

    // A well-formed image whose fifteenth data directory, the one of managed code, is empty.
    private static bool HasNoMetadata(ReadOnlySpan<byte> head)
    {
        const int addressOfHeader = 0x3c, optionalHeader = 24, directories = 15, size = 8;
        if (!head.StartsWith("MZ"u8) || head.Length < addressOfHeader + sizeof(int))
        {
            return false;
        }

        var header = BinaryPrimitives.ReadInt32LittleEndian(head[addressOfHeader..]);
        if (header < 0 || header > head.Length - optionalHeader - sizeof(ushort) || !head[header..].StartsWith("PE\0\0"u8))
        {
            return false;
        }

        var table = header + optionalHeader + (BinaryPrimitives.ReadUInt16LittleEndian(head[(header + optionalHeader)..]) == 0x20b ? 112 : 96);
        return table + (directories * size) <= head.Length
            && BinaryPrimitives.ReadInt32LittleEndian(head[(table - sizeof(int))..]) >= directories
            && BinaryPrimitives.ReadInt64LittleEndian(head[(table + ((directories - 1) * size))..]) == 0;
    }
}
