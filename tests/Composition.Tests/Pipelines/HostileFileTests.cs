using System.Diagnostics;
using System.IO.Pipes;
using System.Text;

namespace Orchestrator.Composition.Tests;

/// <summary>Whatever a file holds: a sentence with a place, soon, in little memory.</summary>
public sealed class HostileFileTests : IDisposable
{
    private readonly Written files = new();

    public void Dispose() => files.Dispose();

    [Theory]
    [InlineData("   ", "1:4: not JSON")]
    [InlineData("{", "1:2: not JSON")]
    [InlineData("""{ "seed": 1""", "1:12: not JSON")]
    [InlineData("[]", "1:1: a pipeline is one JSON object, this is a list")]
    [InlineData("5", "1:1: a pipeline is one JSON object, this is a number (5)")]
    [InlineData("\"x\"", "1:1: a pipeline is one JSON object, this is a string ('x')")]
    [InlineData("null", "1:1: a pipeline is one JSON object, this is null")]
    [InlineData("{} {}", "1:4: not JSON")]
    [InlineData("{\n  \"seed\": NaN\n}", "2:11: not JSON")]
    [InlineData("{\n  \"seed\": 01\n}", "2:12: not JSON")]
    [InlineData("{ 'seed': 1 }", "1:3: not JSON")]
    [InlineData("{ \"name\": \"\\ud800\" }", "a string holds half of a surrogate pair")]
    [InlineData("{ \"a\\ud800\": 1 }", "a string holds half of a surrogate pair")]
    [InlineData("/* never closed", "not JSON")]
    [InlineData("""{ "seed": 1, "seed": 2 }""", "1:14: seed: the key occurs twice; first with the value at")]
    public void Text_that_is_no_pipeline_is_told_with_its_place(string text, string cause)
    {
        var result = Load(files.File("p.json", text));
        Assert.Null(result.Pipeline);
        Assert.Contains(cause, result.Mistakes[0].ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void An_empty_file_is_told() => AssertMistake(files.File("p.json", ""), "is empty; a pipeline is a file with one JSON object");

    [Fact]
    public void Invalid_utf8_is_told_with_its_place() =>
        AssertMistake(files.Bytes("p.json", [.. "{\n  \"name\": \""u8, 0xC3, 0x28, .. "\" }"u8]), "p.json:2:12: not valid UTF-8");

    [Fact]
    public void Utf16_is_told() => AssertMistake(files.Bytes("p.json", [0xFF, 0xFE, .. Encoding.Unicode.GetBytes("{}")]), "p.json:1:1: not valid UTF-8");

    [Fact]
    public void A_missing_file_is_told() => AssertMistake(Path.Combine(files.Folder, "nothing.json"), "there is no file");

    [Fact]
    public void A_directory_is_told() => AssertMistake(files.Folder, "is a folder; a file is expected");

    [Theory]
    [InlineData("")]
    [InlineData("a\0b")]
    public void A_path_that_is_none_is_told(string path) => Assert.NotEmpty(Load(path).Mistakes);

    [Theory]
    [InlineData("/dev/zero")]
    [InlineData("/dev/full")]
    [InlineData("/proc/self/mem")]
    public void A_device_is_told_without_opening_it(string path)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "skipped: the device is Linux's");
        Assert.NotEmpty(Load(path).Mistakes);
    }

    [Fact]
    public void A_pipe_is_told_without_waiting_for_a_writer()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "skipped: named pipes are not files on Windows");
        var path = Path.Combine(files.Folder, "pipe.json");
        using (var made = Process.Start("mkfifo", path))
        {
            made.WaitForExit();
        }

        AssertMistake(path, "is a pipe or a device, not a regular file");
        var link = File.CreateSymbolicLink(Path.Combine(files.Folder, "link.json"), path).FullName;
        AssertMistake(link, "is a pipe or a device, not a regular file");
    }

    [Fact]
    public void A_file_may_not_name_what_the_shell_handed_over_as_its_base()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "skipped: a pipe has no path on Windows");
        using var pipe = new AnonymousPipeServerStream(PipeDirection.Out);
        AssertMistake(files.File("p.json", $$"""{ "extends": "/dev/fd/{{pipe.GetClientHandleAsString()}}" }"""), "not a regular file");
    }

    [Fact]
    public void A_link_that_leads_to_itself_is_told()
    {
        var link = Path.Combine(files.Folder, "self.json");
        File.CreateSymbolicLink(link, link);
        Assert.NotEmpty(Load(link).Mistakes);
    }

    [Fact]
    public void A_file_of_50_megabytes_is_refused_unread()
    {
        var path = Path.Combine(files.Folder, "large.json");
        using (var file = File.Create(path))
        {
            file.SetLength(50_000_000);
        }

        AssertMistake(path, "has 50,000,000 bytes; at most 16,777,216 are read");
    }

    [Theory]
    [InlineData("[")]
    [InlineData("""{"a":""")]
    public void Nesting_100000_deep_is_told(string opening)
    {
        var text = new StringBuilder("{ \"model\": ").Insert(11, opening, 100_000).ToString();
        AssertMistake(files.File("p.json", text), "maximum configured depth of 64");
    }

    [Fact]
    public void A_string_of_10_megabytes_is_told_in_short()
    {
        var result = Load(files.File("p.json", Documents.Good.Replace("\"good\"", $"\"{new string('x', 10_000_000)}\"", StringComparison.Ordinal)));
        var mistake = Assert.Single(result.Mistakes);
        Assert.Equal("name", mistake.Path);
        Assert.InRange(mistake.Message.Length, 1, 300);
    }

    [Fact]
    public void A_key_of_10_megabytes_is_told_in_short()
    {
        var result = Load(files.File("p.json", $"{{ \"{new string('x', 10_000_000)}\": 1 }}"));
        Assert.All(result.Mistakes, m => Assert.InRange(m.ToString().Length, 1, 2000));
    }

    [Fact]
    public void Hundreds_of_thousands_of_mistakes_are_cut_short()
    {
        var keys = string.Join(',', Enumerable.Range(0, 200_000).Select(i => $"\"k{i}\":1"));
        var result = Load(files.File("p.json", $"{{{keys}}}"));
        Assert.InRange(result.Mistakes.Count, 100, 101);
        Assert.Contains("more mistakes", result.Mistakes[^1].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_list_of_200000_elements_binds()
    {
        var factors = string.Join(',', Enumerable.Repeat("1", 200_000));
        Assert.NotNull(
            Load(files.File("p.json", Documents.Good.Replace("\"layers\"", $"\"factors\": [{factors}], \"layers\"", StringComparison.Ordinal))).Pipeline);
    }

    [Fact]
    public void Control_characters_never_reach_the_terminal()
    {
        var result = Load(files.File("p.json", """{ "name": "\u001b[31m\u0007\u202e", "\u001b[2J": 1 }"""));
        Assert.All(result.Mistakes, m => Assert.DoesNotContain(m.ToString(), c => char.IsControl(c) || c == '\u202e'));
    }

    private static PipelineResult Load(string path) => Pipeline.Load(path, Shipped.WithFixtures, Shipped.Request());

    private static void AssertMistake(string path, string cause)
    {
        var result = Load(path);
        Assert.Null(result.Pipeline);
        Assert.Contains(cause, Assert.Single(result.Mistakes).ToString(), StringComparison.Ordinal);
    }
}
