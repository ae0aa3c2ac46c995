using System.Diagnostics;
using Orchestrator.Abstractions;

namespace Orchestrator.Composition.Tests;

/// <summary>Files are opened only where that can neither wait nor last for ever.</summary>
public sealed class RegularFileTests : IDisposable
{
    private readonly Written files = new();

    public void Dispose() => files.Dispose();

    [Fact]
    public void Open_ReadsAFile_ThroughALinkToo()
    {
        var path = files.File("a", "text");
        var link = File.CreateSymbolicLink(Path.Combine(files.Folder, "link"), path).FullName;
        foreach (var name in new[] { path, link })
        {
            using var reader = new StreamReader(RegularFile.Open(name));
            Assert.Equal("text", reader.ReadToEnd());
        }
    }

    [Fact]
    public void Open_TakesAnEmptyFile_AndSeesItGrow()
    {
        var path = files.File("a", "");
        using var file = RegularFile.Open(path, bufferSize: 0);
        File.AppendAllText(path, "x");
        Assert.Equal('x', file.ReadByte());
    }

    [Fact]
    public void Open_RefusesAPipe_WithoutWaiting()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "skipped: named pipes are not files on Windows");
        var path = Path.Combine(files.Folder, "pipe");
        using (var made = Process.Start("mkfifo", path))
        {
            made.WaitForExit();
        }

        Assert.Contains("is a pipe or a device", Assert.Throws<IOException>(() => RegularFile.Open(path)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/dev/zero")]
    [InlineData("/dev/urandom")]
    [InlineData("/proc/self/status")]
    public void Open_RefusesWhatHasNoLength(string path)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "skipped: the file is Linux's");
        Assert.Throws<IOException>(() => RegularFile.Open(path));
    }

    [Fact]
    public void Open_SaysWhatIsWrong()
    {
        Assert.Contains("is a folder", Assert.Throws<IOException>(() => RegularFile.Open(files.Folder)).Message, StringComparison.Ordinal);
        Assert.Throws<FileNotFoundException>(() => RegularFile.Open(Path.Combine(files.Folder, "nothing")));
        Assert.Throws<FileNotFoundException>(() => RegularFile.Open(Path.Combine(files.File("a", ""), "below")));
        Assert.Throws<ArgumentException>(() => RegularFile.Open(""));
        Assert.Throws<ArgumentException>(() => RegularFile.Open("a\0b"));
    }

    [Fact]
    public void ReadAllBytes_IsBounded()
    {
        var path = files.Bytes("a", [1, 2, 3]);
        Assert.Equal([1, 2, 3], RegularFile.ReadAllBytes(path, 3));
        Assert.Contains(
            "has 3 bytes; at most 2 are read", Assert.Throws<IOException>(() => RegularFile.ReadAllBytes(path, 2)).Message, StringComparison.Ordinal);
    }
}
