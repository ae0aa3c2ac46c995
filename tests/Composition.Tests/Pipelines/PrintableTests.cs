using System.Text.Json;

namespace Orchestrator.Composition.Tests;

/// <summary>Text of others cannot command a terminal, and JSON stays what it was.</summary>
public sealed class PrintableTests
{
    [Theory]
    [InlineData("plain, with ünïcödé, 日本語 and 😀", "plain, with ünïcödé, 日本語 and 😀")]
    [InlineData("\u001b[31mred\u0007", @"\u001b[31mred\u0007")]
    [InlineData("\u009b2J\u007f", @"\u009b2J\u007f")]
    [InlineData("a\u202ecod.exe\u2066", @"a\u202ecod.exe\u2066")]
    [InlineData("a\u200fb\u00adc\u2028d", @"a\u200fb\u00adc\u2028d")]
    [InlineData("tag \U000E0041", @"tag \udb40\udc41")]
    [InlineData("over\rwritten", @"over\u000dwritten")]
    [InlineData("two\r\nlines\n\tindented", "two\nlines\n\tindented")]
    public void Of_EscapesWhatCommandsOrHides(string text, string expected) => Assert.Equal(expected, Printable.Of(text));

    [Fact]
    public void Of_EscapesHalfAPair() => Assert.Equal(@"half \ud800 pair", Printable.Of($"half {(char)0xD800} pair"));

    [Fact]
    public void Line_HasOneLine() => Assert.Equal(@"name\u000aerror: forged\u0009.", Printable.Line("name\nerror: forged\t."));

    [Fact]
    public void Of_KeepsTheMeaningOfJson()
    {
        var text = JsonSerializer.Serialize(
            "x\u202ey\U000E0041", new JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        Assert.Equal("x\u202ey\U000E0041", JsonSerializer.Deserialize<string>(Printable.Of(text)));
    }
}
