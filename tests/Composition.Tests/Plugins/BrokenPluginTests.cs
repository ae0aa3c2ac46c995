using Orchestrator.Abstractions;

namespace Orchestrator.Composition.Tests;

/// <summary>
/// Whatever lies in a plugin folder: a message that names file and cause, and everything else still
/// works.
/// </summary>
public sealed class BrokenPluginTests : IDisposable
{
    private readonly Written files = new();

    public void Dispose() => files.Dispose();

    [Theory]
    [InlineData("no-kind", "implements no contract")]
    [InlineData("two-kinds", "implements IDelay and ISchedule; exactly one contract is expected")]
    [InlineData("Not Kebab", "not kebab-case")]
    [InlineData("two-constructors", "has 2 public constructors; exactly one is expected")]
    [InlineData("bare-number", "the constructor takes System.Double; it takes nothing or one options record")]
    [InlineData("takes-a-date", "option 'when' of Orchestrator.Fixtures.DateOptions: the type System.DateTime cannot be written in a pipeline")]
    public void A_class_that_is_no_plugin_is_named_with_its_cause(string name, string cause)
    {
        var problem = Assert.Single(Shipped.WithFixtures.Problems, p => p.Name == name);
        Assert.EndsWith("Orchestrator.Mixed.dll", problem.File, StringComparison.Ordinal);
        Assert.Contains(cause, problem.Cause, StringComparison.Ordinal);
        Assert.DoesNotContain(Shipped.WithFixtures.Plugins, p => p.Name == name);
    }

    [Fact]
    public void A_broken_class_does_not_stop_its_neighbours()
    {
        Assert.NotNull(Shipped.WithFixtures.Find(PluginKind.Dataset, "tiny"));
        Assert.NotNull(Shipped.WithFixtures.Find(PluginKind.Optimizer, "sgd"));
    }

    [Fact]
    public void A_text_file_named_dll_is_not_an_assembly() => AssertProblem(
        files.File("plugins/text/plugin.dll", "This is a text file."), "not a .NET assembly: it has another format");

    [Fact]
    public void A_native_library_named_dll_is_not_an_assembly() => AssertProblem(
        files.Bytes("plugins/native/plugin.dll", [0x7f, .. "ELF"u8, 2, 1, 1, 0]), "not a .NET assembly: it is a native library (ELF)");

    [Fact]
    public void A_truncated_assembly_is_not_an_assembly()
    {
        var whole = File.ReadAllBytes(Path.Combine(Shipped.Fixture("Mixed"), "Orchestrator.Mixed.dll"));
        AssertProblem(files.Bytes("plugins/cut/plugin.dll", whole[..300]), "not a .NET assembly: its image is damaged");
    }

    [Fact]
    public void An_empty_file_is_not_an_assembly() =>
        AssertProblem(files.File("plugins/empty/plugin.dll", ""), "not a .NET assembly: it is empty, or no regular file");

    [Fact]
    public void A_pipe_named_dll_is_not_waited_for()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "skipped: Windows has no named pipes in folders");
        AssertProblem(files.Pipe("plugins/pipe/plugin.dll"), "not a .NET assembly: it is empty, or no regular file");
    }

    [Fact]
    public void A_ring_of_links_is_not_followed()
    {
        var folder = files.Plugin("NeedsLibrary1", "plugins/ring");
        Directory.CreateSymbolicLink(Path.Combine(folder, "again"), folder);
        Directory.CreateSymbolicLink(Path.Combine(folder, "all"), "/");
        var catalog = Shipped.Read(folder);
        Assert.Empty(catalog.Problems);
        Assert.Equal(1, catalog.Create<IDelay>(catalog.Find(PluginKind.Delay, "library-version")!).Milliseconds(default));
    }

    [Fact]
    public void A_link_that_leads_nowhere_is_named()
    {
        files.Plugin("Mixed", "plugins/link");
        var link = Path.Combine(files.Folder, "plugins/link/gone.dll");
        File.CreateSymbolicLink(link, Path.Combine(files.Folder, "nowhere.dll"));
        Assert.Contains(
            Shipped.Read(Path.Combine(files.Folder, "plugins")).Problems, p => p.File == link && p.Cause.Contains("leads nowhere", StringComparison.Ordinal));
    }

    [Fact]
    public void A_folder_of_too_many_files_is_no_plugin_folder()
    {
        for (var i = 0; i <= FolderFiles.Most; i++)
        {
            files.File($"plugins/home/{i}", "");
        }

        AssertProblem(Path.Combine(files.Folder, "plugins/home"), $"holds more than {FolderFiles.Most} files");
    }

    [Fact]
    public void A_deps_json_that_cannot_be_read_is_a_message_with_plugin_and_file()
    {
        var folder = files.Plugin("NeedsLibrary1", "plugins/deps");
        File.WriteAllText(Path.Combine(folder, "Orchestrator.NeedsLibrary1.deps.json"), "{ not JSON");
        var catalog = Shipped.Read(folder);
        var failure = Assert.Throws<PluginException>(() => catalog.Create<IDelay>(catalog.Find(PluginKind.Delay, "library-version")!));
        Assert.Contains(
            $"the delay 'library-version' of {Path.Combine(folder, "Orchestrator.NeedsLibrary1.dll")} cannot be loaded", failure.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_with_nothing_but_a_native_library_holds_no_plugin()
    {
        files.Bytes("plugins/so/libthing.so", [0x7f, .. "ELF"u8]);
        AssertProblem(Path.Combine(files.Folder, "plugins/so"), "holds no plugin: no assembly in it has a class with [Plugin] (it has libthing.so)");
    }

    [Fact]
    public void An_empty_folder_holds_no_plugin()
    {
        var folder = Directory.CreateDirectory(Path.Combine(files.Folder, "plugins/nothing")).FullName;
        AssertProblem(folder, "holds no plugin: it is empty");
    }

    [Fact]
    public void A_search_folder_that_is_missing_is_named()
    {
        var catalog = Shipped.Read(Shipped.Folder, Path.Combine(files.Folder, "nowhere"));
        Assert.Contains(catalog.Problems, p => p.File.EndsWith("nowhere", StringComparison.Ordinal) && p.Cause == "there is no such folder");
        Assert.NotNull(catalog.Find(PluginKind.Optimizer, "sgd"));
    }

    [Fact]
    public void A_missing_dependency_is_named()
    {
        var folder = files.Plugin("NeedsLibrary1", "plugins/needs");
        File.Delete(Path.Combine(folder, "Fixture.Library.dll"));
        AssertProblem(Path.Combine(folder, "Orchestrator.NeedsLibrary1.dll"), "needs Fixture.Library 1.0.0.0, which is not in its folder");
    }

    [Theory]
    [InlineData("99.0", "use a newer Orchestrator or rebuild the plugin")]
    [InlineData("0.0", "rebuild the plugin")]
    public void A_plugin_of_other_contracts_is_refused_with_both_versions(string version, string advice)
    {
        var file = Path.Combine(files.Plugin("Mixed", "plugins/other"), "Orchestrator.Mixed.dll");
        PatchedAssembly.Reference(file, "Orchestrator.Abstractions", Version.Parse(version));
        AssertProblem(file, $"built against Orchestrator.Abstractions {version}; this program has {HostVersion}: {advice}");
    }

    [Fact]
    public void A_plugin_of_a_newer_framework_is_refused()
    {
        var file = Path.Combine(files.Plugin("Mixed", "plugins/future"), "Orchestrator.Mixed.dll");
        PatchedAssembly.Reference(file, "System.Runtime", new Version(42, 0));
        AssertProblem(file, $"built for .NET 42; this program runs on .NET {Environment.Version.Major}");
    }

    [Fact]
    public void Of_two_plugins_with_one_name_the_first_stays_and_the_second_is_named()
    {
        files.Plugin("NeedsLibrary1", "plugins/a");
        files.Plugin("NeedsLibrary2", "plugins/b");
        var catalog = Shipped.Read(Path.Combine(files.Folder, "plugins"));
        Assert.EndsWith("NeedsLibrary1.dll", Assert.Single(catalog.Plugins).File, StringComparison.Ordinal);
        var problem = Assert.Single(catalog.Problems);
        Assert.EndsWith("NeedsLibrary2.dll", problem.File, StringComparison.Ordinal);
        Assert.Contains("NeedsLibrary1.dll", problem.Cause, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_two_copies_of_a_plugin_the_first_is_used_and_nothing_need_be_renamed()
    {
        var used = files.Plugin("NeedsLibrary1", "plugins/a");
        files.Plugin("NeedsLibrary1", "plugins/b");
        var problem = Assert.Single(Shipped.Read(Path.Combine(files.Folder, "plugins")).Problems);
        Assert.StartsWith(Path.Combine(files.Folder, "plugins", "b"), problem.File, StringComparison.Ordinal);
        Assert.Equal($"this copy of the delay 'library-version' is left out: {Path.Combine(used, "Orchestrator.NeedsLibrary1.dll")} is used, whose folder comes first", problem.Cause);
    }

    [Fact]
    public void A_search_folder_that_holds_assemblies_is_a_plugin_folder_itself() =>
        Assert.NotNull(Shipped.Read(Shipped.Fixture("NeedsLibrary1")).Find(PluginKind.Delay, "library-version"));

    [Fact]
    public void Damage_anywhere_in_an_assembly_is_a_problem_or_nothing_never_a_crash()
    {
        var whole = File.ReadAllBytes(Path.Combine(Shipped.Fixture("Mixed"), "Orchestrator.Mixed.dll"));
        var random = new Random(7);
        for (var i = 0; i < 150; i++)
        {
            var damaged = (byte[])whole.Clone();
            for (var j = 0; j < 20; j++)
            {
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            }

            files.Bytes("plugins/damaged/Orchestrator.Mixed.dll", damaged);
            var catalog = Shipped.Read(Path.Combine(files.Folder, "plugins"));
            Assert.True(catalog.Plugins.Count + catalog.Problems.Count > 0);
        }
    }

    private static string HostVersion => typeof(Orchestrator.Abstractions.IDelay).Assembly.GetName().Version!.ToString(2);

    private void AssertProblem(string file, string cause)
    {
        var catalog = Shipped.Read(Shipped.Folder, Path.Combine(files.Folder, "plugins"));
        var problem = Assert.Single(catalog.Problems, p => p.File.StartsWith(files.Folder, StringComparison.Ordinal));
        Assert.Equal(file, problem.File);
        Assert.Contains(cause, problem.Cause, StringComparison.Ordinal);
        Assert.NotNull(catalog.Find(PluginKind.Optimizer, "sgd"));
    }
}
