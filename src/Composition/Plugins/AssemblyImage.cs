using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Runtime.InteropServices;

namespace Orchestrator.Composition;

/// <summary>The metadata of one assembly file; none of its code has run.</summary>
internal sealed class AssemblyImage : IDisposable
{
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
    /// The assembly in a file's bytes; null for an image that is none, such as a native library.
    /// </summary>
    /// <exception cref="BadImageFormatException">It is no image; other damage shows itself in any
    /// exception that a wrong length can cause.</exception>
    public static AssemblyImage? Open(string file, AssemblyContent content)
    {
        if (content.IsNative)
        {
            return null;
        }

        PEReader? image = new(ImmutableCollectionsMarshal.AsImmutableArray(content.Bytes));
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
    public static string Otherwise(ReadOnlySpan<byte> bytes) =>
        bytes.IsEmpty ? "it is empty, or no regular file"
        : bytes.StartsWith("\u007fELF"u8) ? "it is a native library (ELF)"
        : bytes.StartsWith("MZ"u8) ? "its image is damaged"
        : "it has another format";

    public void Dispose() => image.Dispose();
}
