using System.Buffers.Binary;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace Orchestrator.Composition.Tests;

/// <summary>Rewrites in an assembly's metadata which version of another assembly it was built against.</summary>
internal static class PatchedAssembly
{
    public static void Reference(string file, string name, Version version)
    {
        var image = File.ReadAllBytes(file);
        using var reader = new PEReader(new MemoryStream(image));
        var metadata = reader.GetMetadataReader();
        var row = metadata.AssemblyReferences.Select((handle, index) => (handle, index))
            .First(r => metadata.GetString(metadata.GetAssemblyReference(r.handle).Name) == name).index;
        // A row of the AssemblyRef table starts with four 16-bit numbers: major, minor, build, revision.
        var offset = reader.PEHeaders.MetadataStartOffset + metadata.GetTableMetadataOffset(TableIndex.AssemblyRef) + (row * metadata.GetTableRowSize(TableIndex.AssemblyRef));
        BinaryPrimitives.WriteUInt16LittleEndian(image.AsSpan(offset), (ushort)version.Major);
        BinaryPrimitives.WriteUInt16LittleEndian(image.AsSpan(offset + 2), (ushort)version.Minor);
        File.WriteAllBytes(file, image);
    }
}
