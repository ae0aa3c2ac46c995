using System.Text.Json;
using System.Text.RegularExpressions;

namespace Orchestrator.Packages.Tests;

/// <summary>The template's own files: a choice for every kind, each of which stands by itself.</summary>
public sealed partial class TemplateTests(OutsidePlugin plugin)
{
    private static readonly string Folder = Path.Combine(Build.Root, "samples", "Plugin");

    public static TheoryData<string> EveryKind => [.. Kinds.All];

    [Fact]
    public void It_offers_every_kind_of_plugin_in_the_order_of_a_pipeline()
    {
        using var template = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, ".template.config", "template.json")));
        var choices = template.RootElement.GetProperty("symbols").GetProperty("kind").GetProperty("choices").EnumerateArray();
        Assert.Equal(Kinds.All, choices.Select(choice => choice.GetProperty("choice").GetString()));
    }

    [Theory]
    [MemberData(nameof(EveryKind))]
    public void A_kind_alone_is_its_own_files_as_they_are_among_others(string kind)
    {
        var alone = Directory.CreateTempSubdirectory("orchestrator-plugin-");
        try
        {
            plugin.New(alone.FullName, [kind], TestContext.Current.CancellationToken);
            string[] expected = [.. Files(plugin.Project).Where(file => OfKind(file) is null || OfKind(file) == kind)];
            Assert.Equal(expected, Files(alone.FullName));
            Assert.Equal(Kinds.OfPipelines.Contains(kind) ? 3 : 2, expected.Count(file => OfKind(file) == kind && !file.Contains("Link", StringComparison.Ordinal)));
            Assert.All(expected.Except(["README.md"]), file => Assert.Equal(File.ReadAllText(Path.Combine(plugin.Project, file)), File.ReadAllText(Path.Combine(alone.FullName, file))));
        }
        finally
        {
            alone.Delete(recursive: true);
        }
    }

    [Theory]
    [MemberData(nameof(EveryKind))]
    public void A_kinds_files_name_no_type_of_another_kind(string kind)
    {
        var files = Files(Folder).Where(file => file.EndsWith(".cs", StringComparison.Ordinal) && OfKind(file) == kind).ToList();
        Assert.NotEmpty(files);
        var text = string.Concat(files.Select(file => File.ReadAllText(Path.Combine(Folder, file))));
        var declared = Declared().Matches(text).Select(match => match.Groups[1].Value).ToHashSet();
        Assert.Empty(Named().Matches(text).Select(match => match.Value).Where(name => !declared.Contains(name)).Distinct());
    }

    // What a build writes is none of the template's.
    private static IEnumerable<string> Files(string folder) => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
        .Select(file => Path.GetRelativePath(folder, file).Replace('\\', '/'))
        .Where(file => !file.Split('/').Any(part => part is "bin" or "obj" or ".template.config" or "runs"))
        .Order(StringComparer.Ordinal);

    private static string? OfKind(string file) => Kinds.All.FirstOrDefault(kind =>
        Regex.IsMatch(Path.GetFileName(file), $@"^(HalfStep|MyPlugin){Kinds.Pascal(kind)}(?![a-z])|-{kind}\.json$"));

    [GeneratedRegex(@"(?:class|record|struct|interface|enum) (MyPlugin\w+)")]
    private static partial Regex Declared();

    [GeneratedRegex(@"\bMyPlugin[A-Z]\w*")]
    private static partial Regex Named();
}
