using System.Buffers.Binary;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace Orchestrator.Composition.Tests;

/// <summary>
/// Rewrites versions in an assembly's metadata: its own, or that of another assembly that it was
/// built against.
/// </summary>
internal static class PatchedAssembly
{
    // A row of the AssemblyRef table starts with four 16-bit numbers: major, minor, build,
    // revision.
    public static void Reference(string file, string name, Version version) => Patch(file, version, TableIndex.AssemblyRef, 0, metadata =>
        metadata.AssemblyReferences.Select((handle, index) => (handle, index))
            .First(r => metadata.GetString(metadata.GetAssemblyReference(r.handle).Name) == name).index);

    /// <summary>
    /// Changes its own version. In the Assembly table's one row the numbers come behind the hash
    /// algorithm.
    /// </summary>
    public static void Version(string file, Version version) => Patch(file, version, TableIndex.Assembly, 4, _ => 0);

    private static void Patch(string file, Version version, TableIndex table, int column, Func<MetadataReader, int> find)
    {
        var image = File.ReadAllBytes(file);
        using var reader = new PEReader(new MemoryStream(image));
        var metadata = reader.GetMetadataReader();
        var offset = reader.PEHeaders.MetadataStartOffset + metadata.GetTableMetadataOffset(table) + (find(metadata) * metadata.GetTableRowSize(table))
            + column;
        BinaryPrimitives.WriteUInt16LittleEndian(image.AsSpan(offset), (ushort)version.Major);
        BinaryPrimitives.WriteUInt16LittleEndian(image.AsSpan(offset + 2), (ushort)version.Minor);
        File.WriteAllBytes(file, image);
    }
}
