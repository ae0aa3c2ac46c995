namespace Orchestrator.Composition.Tests;

/// <summary>A cache saves work and changes nothing else, whatever has become of it.</summary>
public sealed class CacheFileTests : IDisposable
{
    private readonly Written files = new();

    public void Dispose() => files.Dispose();

    [Fact]
    public void What_was_written_is_read()
    {
        var cache = new CacheFiles(files.Folder);
        Assert.Null(cache.Read("a"));
        cache.Write("a", [1, 2, 3]);
        cache.Write("a", [4, 5]);
        Assert.Equal([4, 5], cache.Read("a")!);
    }

    [Fact]
    public void A_changed_or_torn_file_counts_as_missing()
    {
        var cache = new CacheFiles(files.Folder);
        cache.Write("a", [1, 2, 3]);
        var file = Assert.Single(Directory.EnumerateFiles(files.Folder));
        var whole = File.ReadAllBytes(file);
        for (var i = 0; i < whole.Length; i++)
        {
            var changed = (byte[])whole.Clone();
            changed[i] ^= 1;
            File.WriteAllBytes(file, changed);
            Assert.Null(cache.Read("a"));
            File.WriteAllBytes(file, whole[..i]);
            Assert.Null(cache.Read("a"));
        }
    }

    [Fact]
    public void A_file_in_anothers_place_counts_as_missing()
    {
        var cache = new CacheFiles(files.Folder);
        cache.Write("a", [1, 2, 3]);
        var file = Assert.Single(Directory.EnumerateFiles(files.Folder));
        File.Copy(file, file.Replace("a.cache", "b.cache", StringComparison.Ordinal));
        Assert.NotNull(cache.Read("a"));
        Assert.Null(cache.Read("b"));
    }

    [Fact]
    public void A_pipe_in_a_files_place_is_not_waited_for()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "skipped: Windows has no named pipes in folders");
        files.Pipe("a.cache");
        Assert.Null(new CacheFiles(files.Folder).Read("a"));
    }

    [Fact]
    public void A_folder_that_is_gone_costs_nothing()
    {
        var cache = new CacheFiles(Path.Combine(files.Folder, "gone"));
        cache.Write("a", [1]);
        Assert.Null(cache.Read("a"));
    }
}
