using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using System.Text.Json;

namespace Orchestrator.Composition.Tests;

/// <summary>
/// What an assembly computes has a hash; how and where it was built has no part in it.
/// </summary>
public sealed class CodeHashTests
{
    private static readonly byte[] Library = File.ReadAllBytes(Path.Combine(Shipped.Folder, "Models", "Orchestrator.Models.dll"));

    [Fact]
    public void Bytes_behind_the_image_do_not_count()
    {
        var hash = CodeHash.Of(Library, out var isCompiledAhead);
        Assert.NotNull(hash);
        Assert.False(isCompiledAhead);
        Assert.Equal(hash, CodeHash.Of([.. Library, 1, 2, 3], out _));
    }

    [Fact]
    public void A_change_in_a_method_a_name_a_constant_or_a_resource_counts()
    {
        var hash = CodeHash.Of(Library, out _);
        using var image = new PEReader(new MemoryStream(Library));
        var reader = image.GetMetadataReader();
        var method = reader.MethodDefinitions.Select(reader.GetMethodDefinition).First(m => m.RelativeVirtualAddress > 0);
        var name = image.PEHeaders.MetadataStartOffset + reader.GetHeapMetadataOffset(HeapIndex.String) + 10;
        var field = reader.FieldDefinitions.Select(reader.GetFieldDefinition).First(f => f.GetRelativeVirtualAddress() > 0);
        int[] places = [Offset(image, method.RelativeVirtualAddress) + 1, name, Offset(image, field.GetRelativeVirtualAddress())];
        foreach (var place in places)
        {
            var changed = (byte[])Library.Clone();
            changed[place] ^= 1;
            Assert.NotEqual(hash, CodeHash.Of(changed, out _));
        }
    }

    [Fact]
    public void Where_the_symbols_lay_does_not_count()
    {
        using var image = new PEReader(new MemoryStream(Library));
        var entry = image.ReadDebugDirectory().First(e => e.Type == DebugDirectoryEntryType.CodeView);
        var changed = (byte[])Library.Clone();
        changed[entry.DataPointer + entry.DataSize - 2] ^= 1;
        Assert.Equal(CodeHash.Of(Library, out _), CodeHash.Of(changed, out _));
    }

    [Fact]
    public void Code_that_was_compiled_ahead_is_told_apart_and_hashed()
    {
        // The framework's own assemblies are.
        Assert.NotNull(CodeHash.Of(File.ReadAllBytes(typeof(JsonDocument).Assembly.Location), out var isCompiledAhead));
        Assert.True(isCompiledAhead);
    }

    [Fact]
    public void What_is_no_assembly_has_none()
    {
        Assert.Null(CodeHash.Of([], out _));
        Assert.Null(CodeHash.Of([0x7f, .. "ELF"u8], out _));
        Assert.Null(CodeHash.Of(Library[..1000], out _));
    }

    [Fact]
    public void Damage_is_no_crash()
    {
        var random = new Random(5);
        for (var i = 0; i < 200; i++)
        {
            var damaged = (byte[])Library.Clone();
            for (var j = 0; j < 20; j++)
            {
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            }

            CodeHash.Of(damaged, out _);
        }
    }

    private static int Offset(PEReader image, int address)
    {
        var section = image.PEHeaders.SectionHeaders[image.PEHeaders.GetContainingSectionIndex(address)];
        return address - section.VirtualAddress + section.PointerToRawData;
    }
}
