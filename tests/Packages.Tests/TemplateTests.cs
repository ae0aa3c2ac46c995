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
    [InlineData("my-lion", "MyLion", "MyLion", "my-lion")]
    [InlineData("Lion SGD", "LionSGD", "LionSGD", "lion-sgd")]
    [InlineData("MyLab.Lion", "MyLab.Lion", "MyLabLion", "my-lab-lion")]
    public void A_name_that_is_no_identifier_makes_a_project_whose_README_works(string name, string space, string type, string plugin)
    {
        var made = Directory.CreateTempSubdirectory("orchestrator-plugin-");
        try
        {
            machine.New(name, made.FullName, ["optimizer"], TestContext.Current.CancellationToken);
            var code = File.ReadAllText(Path.Combine(made.FullName, name, $"{type}Optimizer.cs"));
            Assert.Contains($"\nnamespace {space};\n", code, StringComparison.Ordinal);
            Assert.Contains($"\n[Plugin(\"{plugin}\")]\n", code, StringComparison.Ordinal);
            var commands = Commands().Match(File.ReadAllText(Path.Combine(made.FullName, "README.md"))).Groups[1].Value;
            var output = machine.Shell.Run($"(cd '{made.FullName}'\n{commands})", TestContext.Current.CancellationToken);
            Assert.Contains("Passed!", output, StringComparison.Ordinal);
            Assert.True(Directory.Exists(Path.Combine(made.FullName, "runs", $"{plugin}-optimizer")), output);
        }
        finally
        {
            made.Delete(recursive: true);
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

    [GeneratedRegex(@"^```\n(.*?)^```$", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Commands();

    [GeneratedRegex(@"(?:class|record|struct|interface|enum) (MyPlugin\w+)")]
    private static partial Regex Declared();

    [GeneratedRegex(@"\bMyPlugin[A-Z]\w*")]
    private static partial Regex Named();
}
