using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using Orchestrator.Abstractions;
using Orchestrator.Composition.Data;

namespace Orchestrator.Composition.Tests.Data;

public sealed class ArchiveExtractionTests : IAsyncLifetime
{
    private readonly string root = Directory.CreateTempSubdirectory("orchestrator-archive-").FullName;
    private readonly HttpClient client = DatasetDownloader.NewClient();
    private FileServer server = null!;

    private string Folder => Path.Combine(root, "toys");

    public async ValueTask InitializeAsync() => server = await FileServer.StartAsync();

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        await server.DisposeAsync();
        Directory.Delete(root, recursive: true);
    }

    [Fact(Timeout = 30_000)]
    public async Task Only_the_wanted_members_are_taken_and_the_archive_goes()
    {
        var archive = Archive(("toys-bin/readme.html", 10), ("./toys-bin/a.bin", 1000), ("../../evil.bin", 10), ("toys-bin/b.bin", 2000));
        server.Paths["/toys.tar.gz"] = FileServer.Content(archive);
        await GetAsync(archive);
        Assert.Equal(["a.bin", "b.bin"], Directory.GetFiles(Folder).Select(Path.GetFileName).Order());
        Assert.Equal(Content("./toys-bin/a.bin", 1000), File.ReadAllBytes(Path.Combine(Folder, "a.bin")));
        Assert.Single(Directory.GetFileSystemEntries(root));
        Assert.False(File.Exists(Path.Combine(root, "..", "evil.bin")));
        await GetAsync(archive);
        Assert.Single(server.Ranges);
    }

    [Fact(Timeout = 30_000)]
    public async Task An_archive_placed_by_hand_is_checked_used_and_kept()
    {
        var archive = Archive(("toys-bin/a.bin", 1000), ("toys-bin/b.bin", 2000));
        Directory.CreateDirectory(Folder);
        File.WriteAllBytes(Path.Combine(Folder, "toys.tar.gz"), archive);
        await GetAsync(archive);
        Assert.Equal(["a.bin", "b.bin", "toys.tar.gz"], Directory.GetFiles(Folder).Select(Path.GetFileName).Order());
        Assert.Empty(server.Ranges);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_file_of_a_members_name_is_not_replaced()
    {
        var archive = Archive(("toys-bin/a.bin", 1000), ("toys-bin/b.bin", 2000));
        Directory.CreateDirectory(Folder);
        File.WriteAllBytes(Path.Combine(Folder, "b.bin"), [1, 2, 3]);
        Assert.Contains("move it away", (await Assert.ThrowsAsync<DataException>(() => GetAsync(archive))).Message);
        Assert.Equal([1, 2, 3], File.ReadAllBytes(Path.Combine(Folder, "b.bin")));
    }

    [Fact(Timeout = 30_000)]
    public async Task A_member_that_is_absent_or_of_another_length_is_named()
    {
        var absent = Archive(("toys-bin/a.bin", 1000));
        server.Paths["/toys.tar.gz"] = FileServer.Content(absent);
        Assert.Contains("it does not contain toys-bin/b.bin", (await Assert.ThrowsAsync<DataException>(() => GetAsync(absent))).Message);
        Directory.Delete(Folder, recursive: true);
        var other = Archive(("toys-bin/a.bin", 1000), ("toys-bin/b.bin", 1999));
        server.Paths["/toys.tar.gz"] = FileServer.Content(other);
        Assert.Contains("toys-bin/b.bin in it is no file of 2,000 bytes", (await Assert.ThrowsAsync<DataException>(() => GetAsync(other))).Message);
    }

    [Fact(Timeout = 30_000)]
    public async Task What_is_no_archive_is_named()
    {
        var noise = Content("noise", 5000);
        server.Paths["/toys.tar.gz"] = FileServer.Content(noise);
        Assert.Contains("toys", (await Assert.ThrowsAsync<DataException>(() => GetAsync(noise))).Message);
    }

    private static byte[] Content(string name, int length) => [.. Enumerable.Range(0, length).Select(i => (byte)(i + name.Length))];

    private static byte[] Archive(params (string Name, int Length)[] members)
    {
        using var bytes = new MemoryStream();
        using (var gzip = new GZipStream(bytes, CompressionLevel.Fastest))
        using (var tar = new TarWriter(gzip))
        {
            foreach (var (name, length) in members)
            {
                tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(Content(name, length)) });
            }
        }

        return bytes.ToArray();
    }

    private Task<string> GetAsync(byte[] archive)
    {
        ArchiveMember[] wanted = [new("toys-bin/a.bin", 1000), new("toys-bin/b.bin", 2000)];
        var sha256 = Convert.ToHexStringLower(SHA256.HashData(archive));
        var file = new OfficialFile("toys.tar.gz", [server.Address("/toys.tar.gz")], archive.Length, sha256, wanted);
        return new DatasetDownloader(client).GetAsync("toys", new OfficialFiles("ours", [file]), root, null, TestContext.Current.CancellationToken);
    }
}
