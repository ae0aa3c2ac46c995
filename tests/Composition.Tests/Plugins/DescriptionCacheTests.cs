using Orchestrator.Abstractions;

namespace Orchestrator.Composition.Tests;

/// <summary>Descriptions that are kept say what metadata says, and never of another file.</summary>
public sealed class DescriptionCacheTests : IDisposable
{
    private readonly Written files = new();

    public void Dispose() => files.Dispose();

    [Fact]
    public void What_is_kept_of_every_plugin_is_what_was_read()
    {
        var fresh = Read(Shipped.Folder, Shipped.Fixture("Mixed"), Shipped.Fixture("NeedsLibrary1"));
        var kept = Read(Shipped.Folder, Shipped.Fixture("Mixed"), Shipped.Fixture("NeedsLibrary1"));
        Assert.NotEmpty(Directory.EnumerateFiles(Cache, "plugins-*.cache"));
        Assert.Equal(Bytes(fresh), Bytes(kept));
        Assert.Equal(fresh.Plugins.Select(p => p.FileHash), kept.Plugins.Select(p => p.FileHash));
        Assert.Equal(PipelineSchema.Write(fresh), PipelineSchema.Write(kept));
        Assert.Equal(fresh.Problems, kept.Problems);
    }

    [Fact]
    public void Types_that_hold_themselves_are_kept()
    {
        Read(Shipped.Folder);
        var model = Read(Shipped.Folder).Find(PluginKind.Model, "sequential")!;
        var layers = Assert.IsType<VariantType>(Assert.IsType<ListType>(model.Options.Options[0].Type).Element);
        var inner = layers.Branches.SelectMany(b => b.Options.Options).Select(o => o.Type).OfType<ListType>().First(l => l.Element is VariantType);
        Assert.Same(layers, inner.Element);
    }

    [Fact]
    public void The_documents_own_keys_are_kept_as_metadata_has_them()
    {
        var read = DocumentType.ReadMetadata(typeof(ResolvedPipeline));
        var bytes = new DescriptionWriter().Type(read).ToArray();
        Assert.Equal(bytes, new DescriptionWriter().Type(new DescriptionReader(bytes).Document()).ToArray());
        Assert.Equal(bytes, new DescriptionWriter().Type(DocumentType.Root).ToArray());
    }

    [Fact]
    public void A_file_of_the_same_length_and_time_is_read_anew()
    {
        var folder = files.Plugin("NeedsLibrary1", "plugin");
        var file = Path.Combine(folder, "Orchestrator.NeedsLibrary1.dll");
        var time = File.GetLastWriteTimeUtc(file);
        Assert.Equal("library-version", Assert.Single(Read(folder).Plugins).Name);
        var bytes = File.ReadAllBytes(file);
        "other-name-long"u8.CopyTo(bytes.AsSpan(bytes.AsSpan().IndexOf("library-version"u8)));
        using (var stream = new FileStream(file, FileMode.Open, FileAccess.Write))
        {
            stream.Write(bytes);
        }

        File.SetLastWriteTimeUtc(file, time);
        Assert.Equal("other-name-long", Assert.Single(Read(folder).Plugins).Name);
    }

    [Fact]
    public void A_native_library_is_known_by_its_header_alone()
    {
        var whole = File.ReadAllBytes(Path.Combine(Shipped.Fixture("NeedsLibrary1"), "Fixture.Library.dll"));
        var header = BitConverter.ToInt32(whole, 0x3c);
        var table = header + 24 + (BitConverter.ToUInt16(whole, header + 24) == 0x20b ? 112 : 96);
        files.Bytes("managed.dll", whole);
        Assert.False(AssemblyContent.Read(files.Folder, "managed.dll").IsNative);
        Assert.Equal(whole, AssemblyContent.Read(files.Folder, "managed.dll").Bytes);
        whole.AsSpan(table + (14 * 8), 8).Clear();
        files.Bytes("native.dll", whole);
        Assert.True(AssemblyContent.Read(files.Folder, "native.dll").IsNative);
        for (var length = 1; length < table + (15 * 8); length++)
        {
            files.Bytes("cut.dll", whole[..length]);
            Assert.False(AssemblyContent.Read(files.Folder, "cut.dll").IsNative);
        }
    }

    [Fact]
    public void A_cache_that_was_deleted_or_filled_with_nonsense_changes_nothing()
    {
        var fresh = Bytes(Read(Shipped.Folder));
        foreach (var file in Directory.EnumerateFiles(Cache))
        {
            File.WriteAllText(file, "nonsense, nonsense, nonsense, nonsense, nonsense");
        }

        Assert.Equal(fresh, Bytes(Read(Shipped.Folder)));
        Directory.Delete(Cache, recursive: true);
        Assert.Equal(fresh, Bytes(Read(Shipped.Folder)));
    }

    [Fact]
    public void Whole_files_that_hold_other_things_change_nothing()
    {
        var fresh = Bytes(Read(Shipped.Folder));
        var random = new Random(3);
        var cache = new CacheFiles(Cache);
        foreach (var name in Directory.EnumerateFiles(Cache, "plugins-*").Select(f => Path.GetFileNameWithoutExtension(f)).ToList())
        {
            var content = new byte[200];
            random.NextBytes(content);
            cache.Write(name, content);
        }

        Assert.Equal(fresh, Bytes(Read(Shipped.Folder)));
    }

    [Fact]
    public void What_is_wrong_is_found_anew_until_it_is_mended()
    {
        var folder = files.Plugin("NeedsLibrary1", "plugin");
        var library = Path.Combine(folder, "Fixture.Library.dll");
        File.Move(library, library + ".away");
        Assert.Single(Read(folder).Problems);
        Assert.Single(Read(folder).Problems);
        File.Move(library + ".away", library);
        Assert.Empty(Read(folder).Problems);
        Assert.Single(Read(folder).Plugins);
    }

    [Fact]
    public void A_plugin_that_was_replaced_after_it_was_described_is_not_loaded()
    {
        var folder = files.Plugin("NeedsLibrary1", "plugin");
        var catalog = Read(folder);
        File.AppendAllText(Path.Combine(folder, "Orchestrator.NeedsLibrary1.dll"), " ");
        var failure = Assert.Throws<PluginException>(() => catalog.Create<IDelay>(catalog.Find(PluginKind.Delay, "library-version")!));
        Assert.Contains("it was replaced after its description was read", failure.Message, StringComparison.Ordinal);
    }

    private string Cache => Path.Combine(files.Folder, "cache");

    private PluginCatalog Read(params string[] folders) => PluginCatalog.Read(folders, Cache);

    // Everything that a description holds, in bytes.
    private static string Bytes(PluginCatalog catalog) => Convert.ToHexString(new DescriptionWriter().Plugins(catalog.Plugins, "/").ToArray());
}
