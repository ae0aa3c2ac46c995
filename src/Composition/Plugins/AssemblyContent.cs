using System.Security.Cryptography;

namespace Orchestrator.Composition;

/// <summary>
/// A file that may be an assembly, as it was when it was read: what it is called by its hash is
/// what is looked at.
/// </summary>
/// <param name="Name">Its path in the plugin's folder.</param>
/// <param name="Hash">Hexadecimal SHA-256; of a file that is not read, its length.</param>
/// <param name="Bytes">Empty for what is not read: no regular file, or one too large for an
/// assembly.</param>
internal sealed record AssemblyContent(string Name, string Hash, byte[] Bytes)
{
    // What is larger is a native library, or no plugin's.
    private const long Largest = 64L << 20;

    /// <exception cref="IOException">It cannot be read.</exception>
    public static AssemblyContent Read(string folder, string name)
    {
        var file = Path.Combine(folder, name);
        var length = FolderFiles.Length(file);
        if (length is 0 or > Largest)
        {
            return new AssemblyContent(name, $"{length} bytes", []) { IsTooLarge = length > 0 };
        }

        byte[] bytes;
        using (var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0))
        {
            bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
        }

        return new AssemblyContent(name, Convert.ToHexStringLower(SHA256.HashData(bytes)), bytes);
    }

    public bool IsTooLarge { get; private init; }
}
