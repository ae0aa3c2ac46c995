using Orchestrator.Abstractions;

namespace Orchestrator.Composition.Tests;

public sealed class LoadingTests : IDisposable
{
    private readonly Written files = new();

    public void Dispose() => files.Dispose();

    [Fact]
    public void Two_plugins_use_different_versions_of_one_library()
    {
        Assert.Equal(1, Milliseconds(Shipped.Read(Shipped.Fixture("NeedsLibrary1")), "library-version"));
        Assert.Equal(2, Milliseconds(Shipped.Read(Shipped.Fixture("NeedsLibrary2")), "library-version"));
    }

    [Fact]
    public void A_native_library_is_found_in_the_plugins_folder()
    {
        var runtime = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        Assert.SkipWhen(OperatingSystem.IsWindows(), "skipped: the native fixture is a Unix library");
        var source = Directory.EnumerateFiles(runtime, "libSystem.Native.*").First(f => !f.EndsWith(".a", StringComparison.Ordinal));
        var folder = files.Plugin("Mixed", "native");
        File.Copy(source, Path.Combine(folder, "libfixture-native" + Path.GetExtension(source)));
        Assert.Equal(Environment.ProcessId, Milliseconds(Shipped.Read(folder), "native"));
    }

    [Fact]
    public void Replacing_a_plugins_file_while_a_host_runs_harms_nothing()
    {
        var folder = files.Plugin("NeedsLibrary1", "live");
        var running = Shipped.Read(folder);
        var first = Section(running, "library-version").Create<IDelay>();
        foreach (var file in Directory.EnumerateFiles(folder))
        {
            File.WriteAllText(file, "overwritten in place");
        }

        foreach (var file in Directory.EnumerateFiles(Shipped.Fixture("NeedsLibrary2")))
        {
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)), overwrite: true);
        }

        // The library is loaded only now, from the copy that was made when the plugin was first
        // used.
        Assert.Equal(1, first.Milliseconds(default));
        Assert.Equal(2, Milliseconds(Shipped.Read(folder), "library-version"));
    }

    [Fact]
    public void Hosts_that_start_together_share_one_copy()
    {
        var copies = Path.Combine(files.Folder, "copies");
        Parallel.For(0, 8, new ParallelOptions { MaxDegreeOfParallelism = 8 }, _ =>
            Assert.Equal(1, Milliseconds(PluginCatalog.Read([Shipped.Fixture("NeedsLibrary1")], copies), "library-version")));
        Assert.Single(Directory.EnumerateDirectories(copies));
    }

    [Fact]
    public void Without_a_writable_place_the_copy_is_temporary()
    {
        var place = files.File("not-a-folder", "");
        Assert.Equal(1, Milliseconds(PluginCatalog.Read([Shipped.Fixture("NeedsLibrary1")], place), "library-version"));
    }

    [Fact]
    public void A_damaged_copy_is_replaced()
    {
        var copies = Path.Combine(files.Folder, "copies");
        Milliseconds(PluginCatalog.Read([Shipped.Fixture("NeedsLibrary1")], copies), "library-version");
        File.Delete(Path.Combine(Assert.Single(Directory.EnumerateDirectories(copies)), "Fixture.Library.dll"));
        Assert.Equal(1, Milliseconds(PluginCatalog.Read([Shipped.Fixture("NeedsLibrary1")], copies), "library-version"));
        Assert.True(File.Exists(Path.Combine(Assert.Single(Directory.EnumerateDirectories(copies)), "Fixture.Library.dll")));
    }

    [Fact]
    public void A_copy_is_believed_by_its_content_not_by_lengths()
    {
        var copies = new ShadowCopies(new PluginCache(Path.Combine(files.Folder, "copies")));
        var library = Path.Combine(copies.Of(Shipped.Fixture("NeedsLibrary1")).Folder, "Fixture.Library.dll");
        var bytes = File.ReadAllBytes(library);
        var other = File.ReadAllBytes(Path.Combine(Shipped.Fixture("NeedsLibrary2"), "Fixture.Library.dll"));
        Array.Resize(ref other, bytes.Length);
        File.WriteAllBytes(library, other);
        Assert.Equal(library, Path.Combine(copies.Of(Shipped.Fixture("NeedsLibrary1")).Folder, "Fixture.Library.dll"));
        Assert.Equal(bytes, File.ReadAllBytes(library));
    }

    [Fact]
    public void A_pipe_in_a_plugins_folder_is_copied_as_nothing()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "skipped: Windows has no named pipes in folders");
        var folder = files.Plugin("NeedsLibrary1", "piped");
        files.Pipe("piped/settings.json");
        Assert.Equal(1, Milliseconds(Shipped.Read(folder), "library-version"));
    }

    [Fact]
    public void Copies_that_nobody_used_for_long_are_removed()
    {
        var copies = Path.Combine(files.Folder, "copies");
        var (old, recent) = (Path.Combine(copies, "old"), Path.Combine(copies, "recent"));
        Directory.CreateDirectory(Path.Combine(old, "inside"));
        Directory.CreateDirectory(recent);
        Directory.SetLastWriteTimeUtc(old, DateTime.UtcNow.AddDays(-100));
        Milliseconds(PluginCatalog.Read([Shipped.Fixture("NeedsLibrary1")], copies), "library-version");
        Assert.False(Directory.Exists(old));
        Assert.True(Directory.Exists(recent));
    }

    [Fact]
    public void A_constructor_that_throws_is_a_message_with_plugin_file_and_cause()
    {
        var failure = Assert.Throws<PluginException>(() => Section(Shipped.WithFixtures, "throws", """{ "atOnce": true }""").Create<IDelay>());
        Assert.Contains("delay 'throws'", failure.Message, StringComparison.Ordinal);
        Assert.Contains("Orchestrator.Mixed.dll", failure.Message, StringComparison.Ordinal);
        Assert.Contains("InvalidOperationException: The fixture throws in its constructor.", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_disappeared_is_a_message_with_plugin_and_file()
    {
        var folder = files.Plugin("NeedsLibrary1", "gone");
        var catalog = Shipped.Read(folder);
        Directory.Delete(folder, recursive: true);
        var failure = Assert.Throws<PluginException>(() => Section(catalog, "library-version").Create<IDelay>());
        Assert.Contains("cannot be loaded", failure.Message, StringComparison.Ordinal);
    }

    private static double Milliseconds(PluginCatalog catalog, string name) => Section(catalog, name).Create<IDelay>().Milliseconds(default);

    private static PluginSection Section(PluginCatalog catalog, string name, string options = "{}") =>
        new(catalog.Find(PluginKind.Delay, name)!, catalog.Loader, (ObjectNode)DocumentReader.ReadValue(options, "test"), "workers.delay");
}
