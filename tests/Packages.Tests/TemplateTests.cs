using System.Text.Json;
using System.Text.RegularExpressions;

namespace Orchestrator.Packages.Tests;

/// <summary>
/// The template's own files: a choice for every kind, each of which stands by itself.
/// </summary>
public sealed partial class TemplateTests(CleanMachine machine)
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
    [InlineData(0)]
    [InlineData(1)]
    public void Some_kinds_are_their_own_files_as_they_are_among_all(int half)
    {
        string[] kinds = [.. Kinds.All.Where((_, i) => i % 2 == half)];
        var some = Directory.CreateTempSubdirectory("orchestrator-plugin-");
        try
        {
            machine.New(some.FullName, kinds, TestContext.Current.CancellationToken);
            string[] expected = [.. Files(machine.EveryKind).Where(file => OfKind(file) is not { } kind || kinds.Contains(kind))];
            Assert.Equal(expected, Files(some.FullName));
            Assert.All(kinds, kind => Assert.InRange(expected.Count(file => OfKind(file) == kind), Kinds.OfPipelines.Contains(kind) ? 3 : 2, 4));

            // In these two, lines stand for kinds.
            Assert.All(
                expected.Except(["README.md", "HalfStep/HalfStep.csproj"]),
                file => Assert.Equal(File.ReadAllText(Path.Combine(machine.EveryKind, file)), File.ReadAllText(Path.Combine(some.FullName, file))));
        }
        finally
        {
            some.Delete(recursive: true);
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
