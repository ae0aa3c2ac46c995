using System.Diagnostics;
using System.Runtime.Versioning;
using Orchestrator.Abstractions;

namespace Orchestrator.Datasets.Tests;

/// <summary>
/// Each file is wrong in one way; the message names it, the value, and what is expected, and no
/// memory is spent on it.
/// </summary>
public sealed class HostileIdxTests : IDisposable
{
    private static readonly Dictionary<string, (string File, Func<byte[]> Content, string[] Message)> Cases = new()
    {
        ["empty"] = (IdxBytes.TrainImages, () => [], ["it is empty"]),
        ["one byte"] = (IdxBytes.TrainImages, () => [0], ["truncated", "1 bytes of 1"]),
        ["text"] = (IdxBytes.TrainImages, () => "not images at all"u8.ToArray(), ["0x6e6f7420", "0x00000803 (idx images) is expected"]),
        ["labels for images"] = (IdxBytes.TrainImages, () => IdxBytes.Labels(20), ["0x00000801 (idx labels)", "0x00000803 (idx images) is expected"]),
        ["images for labels"] = (IdxBytes.TestLabels, () => IdxBytes.Images(10), ["0x00000803 (idx images)", "0x00000801 (idx labels) is expected"]),
        ["little-endian"] = (IdxBytes.TrainImages, () => [3, 8, 0, 0, .. IdxBytes.Images(20)[4..]], ["0x03080000"]),
        ["float elements"] = (IdxBytes.TrainImages, () => [0, 0, 0x0D, 3, .. IdxBytes.Images(20)[4..]], ["0x00000d03"]),
        ["header only"] = (IdxBytes.TrainImages, () => IdxBytes.Images(20)[..16], ["20 images of 4x5", "make 416 bytes", "it holds 16", "truncated"]),
        ["half a header"] = (IdxBytes.TrainImages, () => IdxBytes.Images(20)[..10], ["truncated", "10 bytes of 10"]),
        ["truncated"] = (IdxBytes.TrainImages, () => IdxBytes.Images(20)[..^1], ["make 416 bytes", "it holds 415", "truncated"]),
        ["over-long"] = (IdxBytes.TrainImages, () => [.. IdxBytes.Images(20), 0], ["make 416 bytes", "it holds 417", "over-long"]),
        ["no images"] = (IdxBytes.TrainImages, () => IdxBytes.Images(0), ["0 images of 4x5", "at least 1"]),
        ["no height"] = (IdxBytes.TrainImages, () => IdxBytes.Header(0x0803, 20, 0, 5), ["20 images of 0x5", "at least 1"]),
        ["astronomical"] = (IdxBytes.TrainImages, () => IdxBytes.Header(0x0803, ~0u, ~0u, ~0u), ["4294967295 images of 4294967295x4294967295", "it holds 16"]),
        ["wrapping product"] = (IdxBytes.TrainImages, () => IdxBytes.Header(0x0803, 1u << 31, 1u << 31, 4), ["2147483648x4", "it holds 16"]),
        ["too few labels"] = (IdxBytes.TrainLabels, () => IdxBytes.Labels(19), ["19 labels", IdxBytes.TrainImages, "20 images"]),
        ["too many labels"] = (IdxBytes.TestLabels, () => IdxBytes.Labels(11), ["11 labels", IdxBytes.TestImages, "10 images"]),
        ["label 10"] = (IdxBytes.TrainLabels, () => [.. IdxBytes.Labels(20)[..^1], 10], ["label number 19 (counted from 0) is 10", "0 to 9"]),
        ["label 255"] = (IdxBytes.TestLabels, () => [.. IdxBytes.Labels(10)[..8], 255, .. IdxBytes.Labels(10)[9..]], ["label number 0", "is 255"]),
        ["other size"] = (IdxBytes.TestImages, () => IdxBytes.Images(10, 5, 4), ["its images are 5x4", IdxBytes.TrainImages, "4x5"]),
        ["gzip truncated"] = (IdxBytes.TrainImages, () => TemporaryFolder.Gzip(IdxBytes.Images(20))[..^20], ["gzip"]),
        ["gzip without trailer"] = (IdxBytes.TrainImages, () => TemporaryFolder.Gzip(IdxBytes.Images(20))[..^8], ["gzip"]),
        ["gzip with bytes after"] = (IdxBytes.TrainImages, () => [.. TemporaryFolder.Gzip(IdxBytes.Images(20)), 1, 2, 3, 4], ["gzip's last four bytes record"]),
        ["gzip of too much"] = (IdxBytes.TrainImages, () => TemporaryFolder.Gzip([.. IdxBytes.Images(20), 0]), ["make 416 bytes", "it holds 417", "over-long"]),
        ["gzip of too little"] = (IdxBytes.TrainImages, () => TemporaryFolder.Gzip(IdxBytes.Images(20)[..^1]), ["it holds 415", "truncated"]),
        ["gzip flipped bit"] = (IdxBytes.TrainImages, () => Flipped(TemporaryFolder.Gzip(IdxBytes.Images(20))), ["corrupt"]),
        ["gzip wrong checksum"] = (IdxBytes.TrainImages, () => WithTrailer(IdxBytes.Images(20), checksum: 5, length: 416), ["corrupt"]),
        ["gzip lying about its length"] = (
            IdxBytes.TrainImages, () => WithTrailer(IdxBytes.Images(30), null, length: 416, header: IdxBytes.Images(20)), ["it is"]),
        ["gzip claiming gigabytes"] = (
            IdxBytes.TrainImages, () => WithTrailer(IdxBytes.Images(20), null, length: 4_000_000_000), ["4,000,000,000", "can hold"]),
        ["gzip magic only"] = (IdxBytes.TrainImages, () => [0x1F, 0x8B], ["truncated"]),
        ["gzip header and noise"] = (IdxBytes.TrainImages, () => [0x1F, 0x8B, 8, 0, .. new byte[40]], [IdxBytes.TrainImages]),
    };

    private readonly TemporaryFolder folder = new();

    public static TheoryData<string> Names => [.. Cases.Keys];

    public void Dispose() => folder.Dispose();

    [Theory(Timeout = 30_000)]
    [MemberData(nameof(Names))]
    public void A_wrong_file_is_named_with_what_is_wrong(string name)
    {
        var (file, content, parts) = Cases[name];
        IdxBytes.WriteAll(folder);
        folder.Write("mnist/" + file, content());
        var message = Assert.Throws<DataException>(() => new Mnist(new ImageFileOptions()).Load(folder.Folders)).Message;
        Assert.StartsWith(folder["mnist/" + file], message);
        Assert.All(parts, part => Assert.Contains(part, message));
    }

    [Theory]
    [InlineData("one")]
    [InlineData("appended parts")]
    [InlineData("blocks with an empty one at the end")]
    [InlineData("padded with zeros")]
    [InlineData("padded with one zero")]
    public void A_gzip_file_is_read_whole_however_it_is_put_together(string kind)
    {
        IdxBytes.WriteAll(folder);
        var plain = new Mnist(new ImageFileOptions()).Load(folder.Folders).Fingerprint;
        foreach (var name in new[] { IdxBytes.TrainImages, IdxBytes.TrainLabels })
        {
            var path = folder["mnist/" + name];
            folder.Write("mnist/" + name + ".gz", Put(kind, File.ReadAllBytes(path)));
            File.Delete(path);
        }

        Assert.Equal(plain, new Mnist(new ImageFileOptions()).Load(folder.Folders).Fingerprint);

        static byte[] Put(string kind, byte[] content) => kind switch
        {
            "one" => TemporaryFolder.Gzip(content),
            "appended parts" => [.. TemporaryFolder.Gzip(content.AsSpan(0, 20)), .. TemporaryFolder.Gzip(content.AsSpan(20))],
            "padded with zeros" => [.. TemporaryFolder.Gzip(content), .. new byte[512]],
            "padded with one zero" => [.. TemporaryFolder.Gzip(content), 0],
            _ => [.. TemporaryFolder.Gzip(content), .. TemporaryFolder.Gzip([])],
        };
    }

    [Fact(Timeout = 60_000)]
    public void A_gzip_file_whose_members_unfold_to_gigabytes_is_refused_in_little_memory()
    {
        IdxBytes.WriteAll(folder);
        byte[] bomb = [.. Bomb(IdxBytes.Images(20), zeros: 1 << 30), .. TemporaryFolder.Gzip([1])];
        folder.Write("mnist/" + IdxBytes.TrainImages, bomb);
        AssertCheapFailure("it holds more than 1,073,741,824 bytes");
    }

    [Fact(Timeout = 60_000)]
    public void A_gzip_bomb_costs_no_memory()
    {
        IdxBytes.WriteAll(folder);
        var bomb = Bomb(IdxBytes.Images(20), zeros: 1 << 26);
        folder.Write("mnist/" + IdxBytes.TrainImages, bomb);
        AssertCheapFailure("it holds 67,109,280");

        // One that records the length that its header calls for is found out where that ends.
        BitConverter.TryWriteBytes(bomb.AsSpan(bomb.Length - 4), 416);
        folder.Write("mnist/" + IdxBytes.TrainImages, bomb);
        AssertCheapFailure("over-long");
    }

    [Fact(Timeout = 30_000)]
    public void A_file_of_gigabytes_is_not_read()
    {
        IdxBytes.WriteAll(folder);
        using (var file = File.OpenWrite(folder["mnist/" + IdxBytes.TrainImages]))
        {
            file.SetLength(3L << 30); // sparse: takes no room
        }

        AssertCheapFailure("it holds 3,221,225,472 bytes; at most 1,073,741,824 are read from one file");
    }

    [Fact(Timeout = 60_000)]
    public void Two_headers_that_agree_on_gigabytes_cost_no_memory()
    {
        IdxBytes.WriteAll(folder);
        folder.Write("mnist/" + IdxBytes.TrainImages, WithTrailer(IdxBytes.Header(0x0803, 1_300_000, 28, 28), null, 16 + (1_300_000 * 784)));
        folder.Write("mnist/" + IdxBytes.TrainLabels, WithTrailer(IdxBytes.Header(0x0801, 1_300_000), null, 8 + 1_300_000));
        AssertCheapFailure("can hold");
    }

    [Theory(Timeout = 30_000)]
    [InlineData("folder", "is a folder")]
    [InlineData("pipe", "is a pipe or a device, not a regular file")]
    [InlineData("link to a pipe", "is a pipe or a device, not a regular file")]
    [InlineData("link to /dev/zero", "is a pipe or a device, not a regular file")]
    [InlineData("link to itself", "cannot be read")]
    [InlineData("unreadable", "cannot be read")]
    public async Task What_is_no_file_is_refused_without_waiting(string kind, string expected)
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("skipped: pipes, devices and permissions of Unix");
            return;
        }

        IdxBytes.WriteAll(folder);
        var path = folder["mnist/" + IdxBytes.TrainImages];
        File.Delete(path);
        await Put(kind, path);
        Assert.SkipWhen(kind == "unreadable" && CanRead(path), "skipped: this user may read every file");
        Assert.Contains(expected, Assert.Throws<DataException>(() => new Mnist(new ImageFileOptions()).Describe(folder.Folders)).Message);
    }

    [UnsupportedOSPlatform("windows")]
    private static async Task Put(string kind, string path)
    {
        switch (kind)
        {
            case "folder":
                Directory.CreateDirectory(path);
                break;
            case "pipe":
                await MakePipe(path);
                break;
            case "link to a pipe":
                await MakePipe(path + ".pipe");
                File.CreateSymbolicLink(path, path + ".pipe");
                break;
            case "link to /dev/zero":
                File.CreateSymbolicLink(path, "/dev/zero");
                break;
            case "link to itself":
                File.CreateSymbolicLink(path, path);
                break;
            default:
                File.WriteAllBytes(path, IdxBytes.Images(20));
                File.SetUnixFileMode(path, UnixFileMode.None);
                break;
        }
    }

    private static async Task MakePipe(string path)
    {
        using var process = Process.Start("mkfifo", [path]);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, process.ExitCode);
    }

    private static bool CanRead(string path)
    {
        try
        {
            return File.ReadAllBytes(path).Length > 0;
        }
        catch (UnauthorizedAccessException)
        {
            return false;
        }
    }

    private void AssertCheapFailure(string expected)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains(expected, Assert.Throws<DataException>(() => new Mnist(new ImageFileOptions()).Load(folder.Folders)).Message);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4_000_000);
    }

    private static byte[] Flipped(byte[] bytes)
    {
        bytes[bytes.Length / 2] ^= 0x10;
        return bytes;
    }

    private static byte[] WithTrailer(byte[] content, uint? checksum, uint length, byte[]? header = null)
    {
        header?.AsSpan(0, 16).CopyTo(content);
        var bytes = TemporaryFolder.Gzip(content);
        BitConverter.TryWriteBytes(bytes.AsSpan(bytes.Length - 8), checksum ?? BitConverter.ToUInt32(bytes, bytes.Length - 8));
        BitConverter.TryWriteBytes(bytes.AsSpan(bytes.Length - 4), length);
        return bytes;
    }

    private static byte[] Bomb(byte[] start, int zeros)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new System.IO.Compression.GZipStream(compressed, System.IO.Compression.CompressionLevel.Fastest))
        {
            gzip.Write(start);
            var block = new byte[1 << 20];
            for (var left = zeros; left > 0; left -= block.Length)
            {
                gzip.Write(block);
            }
        }

        return compressed.ToArray();
    }
}
