namespace Orchestrator.Docs.Tests;

/// <summary>
/// A part of a page in docs/ that is made from the program: what stands between
/// <c>&lt;!-- generated: NAME --&gt;</c> and <c>&lt;!-- end of generated text --&gt;</c>. With
/// ORCHESTRATOR_ACCEPT=1 a check writes it instead of comparing it.
/// </summary>
internal static class GeneratedText
{
    private const string End = "<!-- end of generated text -->";

    /// <summary>Compares a part of a page with what the program says now.</summary>
    /// <param name="page">The page, as seen from docs/.</param>
    /// <param name="name">The name of the part.</param>
    /// <param name="current">What belongs there.</param>
    /// <param name="comparable">Takes out what differs from run to run, such as times; null where
    /// nothing does.</param>
    public static void Check(string page, string name, string current, Func<string, string>? comparable = null)
    {
        comparable ??= text => text;
        var file = Repository.File("docs", page);
        var text = File.ReadAllText(file);
        var begin = $"<!-- generated: {name} -->\n";
        var from = text.IndexOf(begin, StringComparison.Ordinal) + begin.Length;
        Assert.True(from >= begin.Length, $"docs/{page} has no line {begin}");
        var to = text.IndexOf(End, from, StringComparison.Ordinal);
        Assert.True(to >= 0, $"docs/{page}: {begin} has no end");
        var committed = text[from..to].Trim();
        if (Environment.GetEnvironmentVariable("ORCHESTRATOR_ACCEPT") == "1")
        {
            File.WriteAllText(file, $"{text[..from]}\n{current.Trim()}\n\n{text[to..]}");
            return;
        }

        var (expected, actual) = (comparable(committed), comparable(current.Trim()));
        Assert.True(
            expected == actual, $"docs/{page} ({name}) is not what the program says now; run the tests with ORCHESTRATOR_ACCEPT=1 and commit it. "
                + $"{Difference(expected, actual)}");
    }

    /// <summary>The same for a whole file in docs/.</summary>
    public static void CheckFile(string page, string current)
    {
        var file = Repository.File("docs", page);
        if (Environment.GetEnvironmentVariable("ORCHESTRATOR_ACCEPT") == "1")
        {
            File.WriteAllText(file, current);
            return;
        }

        var committed = File.ReadAllText(file);
        Assert.True(
            committed == current,
            $"docs/{page} is not what the program says now; run the tests with ORCHESTRATOR_ACCEPT=1 and commit it. {Difference(committed, current)}");
    }

    private static string Difference(string committed, string current)
    {
        var pair = committed.Split('\n').Zip(current.Split('\n')).FirstOrDefault(lines => lines.First != lines.Second);
        return $"First difference:\n- {pair.First}\n+ {pair.Second}";
    }
}
