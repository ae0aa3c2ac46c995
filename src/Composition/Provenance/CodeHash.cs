using System.Buffers.Binary;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using System.Security.Cryptography;

namespace Orchestrator.Composition;

/// <summary>
/// A hash of what an assembly computes: its metadata, the code of its methods, its constants and
/// its resources. It is the same for an assembly as the compiler wrote it and for one that was
/// compiled ahead for a processor, which holds the same code twice; two builds of one source that
/// differ in a single instruction or name differ in it.
/// </summary>
internal static class CodeHash
{
    /// <summary>
    /// The hash; null for what is no assembly, or holds something that only its bytes as a whole
    /// can tell.
    /// </summary>
    /// <param name="bytes">The file.</param>
    /// <param name="isCompiledAhead">Whether the file holds machine code too.</param>
    public static string? Of(byte[] bytes, out bool isCompiledAhead)
    {
        isCompiledAhead = false;
        try
        {
            using var image = new PEReader(new MemoryStream(bytes, writable: false), PEStreamOptions.Default);
            if (!image.HasMetadata || image.PEHeaders.CorHeader is not { } header)
            {
                return null;
            }

            isCompiledAhead = header.ManagedNativeHeaderDirectory.Size > 0;
            return Of(image, header);
        }
        catch (Exception failure) when (failure is BadImageFormatException or InvalidOperationException or ArgumentException or OverflowException or IndexOutOfRangeException)
        {
            return null;
        }
    }

    private static string? Of(PEReader image, CorHeader header)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var reader = image.GetMetadataReader();
        hash.AppendData(WithoutAddresses(image, reader));
        foreach (var handle in reader.MethodDefinitions)
        {
            if (reader.GetMethodDefinition(handle).RelativeVirtualAddress is > 0 and var address)
            {
                Append(hash, image, address, image.GetMethodBody(address).Size);
            }
        }

        for (var row = 1; row <= reader.GetTableRowCount(TableIndex.FieldRva); row++)
        {
            var (address, field) = FieldAt(image, reader, row);
            if (SizeOf(reader, field) is not { } size)
            {
                return null;
            }

            Append(hash, image, address, size);
        }

        Append(hash, image, header.ResourcesDirectory.RelativeVirtualAddress, header.ResourcesDirectory.Size);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>
    /// The metadata with zeros where it says at which address of this file code and constants lie.
    /// </summary>
    private static byte[] WithoutAddresses(PEReader image, MetadataReader reader)
    {
        var metadata = image.GetMetadata().GetContent().ToArray();
        foreach (var table in (TableIndex[])[TableIndex.MethodDef, TableIndex.FieldRva])
        {
            // In both tables the address is the first column.
            var (start, size) = (reader.GetTableMetadataOffset(table), reader.GetTableRowSize(table));
            for (var row = 0; row < reader.GetTableRowCount(table); row++)
            {
                metadata.AsSpan(start + (row * size), sizeof(int)).Clear();
            }
        }

        return metadata;
    }

    private static (int Address, FieldDefinitionHandle Field) FieldAt(PEReader image, MetadataReader reader, int row)
    {
        var at = image.GetMetadata().GetContent(reader.GetTableMetadataOffset(TableIndex.FieldRva) + ((row - 1) * reader.GetTableRowSize(TableIndex.FieldRva)), reader.GetTableRowSize(TableIndex.FieldRva)).AsSpan();
        var field = at.Length == 6 ? BinaryPrimitives.ReadUInt16LittleEndian(at[4..]) : BinaryPrimitives.ReadInt32LittleEndian(at[4..]);
        return (BinaryPrimitives.ReadInt32LittleEndian(at), MetadataTokens.FieldDefinitionHandle(field));
    }

    // A constant array is a field of a type without members that has a size, or of a primitive
    // type.
    private static int? SizeOf(MetadataReader reader, FieldDefinitionHandle field)
    {
        var type = reader.GetFieldDefinition(field).DecodeSignature(ClrTypes.Instance, null);
        return type.Handle is { IsNil: false, Kind: HandleKind.TypeDefinition } handle
            ? reader.GetTypeDefinition((TypeDefinitionHandle)handle).GetLayout() is { IsDefault: false } layout ? layout.Size : null
            : type.Name switch
            {
                "System.SByte" or "System.Byte" or "System.Boolean" => 1,
                "System.Int16" or "System.UInt16" or "System.Char" => 2,
                "System.Int32" or "System.UInt32" or "System.Single" => 4,
                "System.Int64" or "System.UInt64" or "System.Double" => 8,
                _ => null,
            };
    }

    private static void Append(IncrementalHash hash, PEReader image, int address, int size)
    {
        if (size > 0)
        {
            var data = image.GetSectionData(address);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(size, data.Length);
            hash.AppendData(data.GetContent(0, size).AsSpan());
        }
    }
}
