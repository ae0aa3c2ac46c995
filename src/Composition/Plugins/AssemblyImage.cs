using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Orchestrator.Composition;

/// <summary>
/// The metadata of one assembly file, in memory: the file is closed and none of its code has run.
/// </summary>
internal sealed class AssemblyImage : IDisposable
{
    /// <summary>What is larger is a native library, or no plugin's; bytes.</summary>
    public const long Largest = 256L << 20;

    private readonly PEReader image;

    private AssemblyImage(string file, PEReader image)
    {
        this.image = image;
        (File, Reader) = (file, image.GetMetadataReader());
        foreach (var handle in Reader.AssemblyReferences)
        {
            var reference = Reader.GetAssemblyReference(handle);
            References[Reader.GetString(reference.Name)] = reference.Version;
        }
    }

    public string File { get; }

    public MetadataReader Reader { get; }

    /// <summary>Versions by simple name.</summary>
    public Dictionary<string, Version> References { get; } = [];

    /// <summary>
    /// The assembly in a file; null for an image that is none, such as a native library.
    /// </summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="BadImageFormatException">It is no image; other damage shows itself in any
    /// exception that a wrong length can cause.</exception>
    public static AssemblyImage? Open(string file)
    {
        switch (FolderFiles.Length(file))
        {
            case 0:
                throw new BadImageFormatException("it is empty");
            case > Largest:
                return null;
        }

        // The file is closed as soon as its metadata is in memory.
        var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        PEReader? image = new(stream, PEStreamOptions.PrefetchMetadata);
        try
        {
            if (!image.HasMetadata || !image.GetMetadataReader().IsAssembly)
            {
                return null;
            }

            var opened = new AssemblyImage(file, image);
            image = null;
            return opened;
        }
        finally
        {
            image?.Dispose();
        }
    }

    /// <summary>What a file is that has no image in it.</summary>
    public static string Otherwise(string file)
    {
        if (FolderFiles.Length(file) == 0)
        {
            return "it is empty, or no regular file";
        }

        Span<byte> start = stackalloc byte[4];
        using (var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete))
        {
            start = start[..stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)];
        }

        return start.StartsWith("\u007fELF"u8) ? "it is a native library (ELF)"
            : start.StartsWith("MZ"u8) ? "its image is damaged"
            : "it has another format";
    }

    public void Dispose() => image.Dispose();
}
