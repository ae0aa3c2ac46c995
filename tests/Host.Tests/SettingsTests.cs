using System.Text.Json;

namespace Orchestrator.Host.Tests;

/// <summary>
/// What a user keeps in a file and in variables: the line wins, then the variable, then the file.
/// </summary>
public sealed class SettingsTests : IDisposable
{
    private readonly Cli program = new();

    [Fact]
    public void AFileInTheUsersFolder_GivesDefaults_OverWhichVariablesAndTheLineWin()
    {
        var (kept, varied, said) = (Path.Combine(program.Folder, "kept"), Path.Combine(program.Folder, "varied"), Path.Combine(program.Folder, "said"));
        Directory.CreateDirectory(Path.Combine(program.Folder, "orchestrator"));
        File.WriteAllText(Path.Combine(program.Folder, "orchestrator", "settings.json"), JsonSerializer.Serialize(new { output = kept, threads = 3 }));
        var file = program.Pipeline(Pipelines.Small.Replace("\"updates\": 150", "\"updates\": 1"));

        Run(64, [("ORCHESTRATOR_THREADS", "many")], "run", file, "--quiet");
        Run(0, [], "run", file, "--quiet");
        Run(0, [("ORCHESTRATOR_OUTPUT", varied), ("ORCHESTRATOR_THREADS", "2")], "run", file, "--quiet");
        Run(0, [("ORCHESTRATOR_OUTPUT", varied), ("ORCHESTRATOR_THREADS", "2")], "run", file, "--quiet", "--output", said, "--threads", "1");

        Assert.Equal("3", ThreadsOf(kept));
        Assert.Equal("2", ThreadsOf(varied));
        Assert.Equal("1", ThreadsOf(said));
    }

    [Fact]
    public void AllMistakes_AreToldAtOnce_WithTheirPlace()
    {
        var settings = Path.Combine(program.Folder, "mine.json");
        File.WriteAllText(settings, """{ "ouput": "/tmp", "threads": 0, "data": "relative", "Logging": { "LogLevel": { "Default": "Loud" } } }""");
        var error = Run(64, [("ORCHESTRATOR_SETTINGS", settings)], "runs", "list").Error;

        Assert.Contains($"{settings}: ouput: there is no such setting; did you mean 'output'?", error);
        Assert.Contains($"{settings}: threads: '0' is not a number of threads; 1 to 1024 are allowed", error);
        Assert.Contains($"{settings}: data: 'relative' is no absolute path", error);
        Assert.Contains("'Loud' is no level; Trace, Debug", error);
    }

    [Theory]
    [InlineData("{", "settings cannot be read")]
    [InlineData("[]", "settings cannot be read")]
    [InlineData(null, "there is no file")]
    public void AFileThatCannotBeRead_IsNamed(string? text, string message)
    {
        var settings = Path.Combine(program.Folder, "mine.json");
        if (text is not null)
        {
            File.WriteAllText(settings, text);
        }

        var error = Run(64, [("ORCHESTRATOR_SETTINGS", settings)], "runs", "list").Error;
        Assert.Contains($"ORCHESTRATOR_SETTINGS: {settings}: ", error);
        Assert.Contains(message, error);
    }

    [Fact]
    public void Levels_SayWhatIsTold()
    {
        var file = program.Pipeline(Pipelines.Small.Replace("\"updates\": 150", "\"updates\": 1"));
        string[] arguments = ["run", file, "--quiet", "--metrics-port", "0", "--output", program.Runs];

        Assert.Contains("Metrics at http", Run(0, [], arguments).Error);
        Assert.DoesNotContain("Metrics at http", Run(0, [("ORCHESTRATOR_LOGGING__LOGLEVEL__DEFAULT", "Warning")], arguments).Error);
    }

    public void Dispose() => program.Dispose();

    private static string? ThreadsOf(string output)
    {
        var document = JsonDocument.Parse(File.ReadAllText(Directory.GetFiles(output, "run.json", SearchOption.AllDirectories).Single()));
        return document.RootElement.GetProperty("run").GetProperty("options").GetProperty("threads").GetString();
    }

    // No file but the test's is read.
    private Cli.Ended Run(int exitCode, (string Name, string Value)[] variables, params string[] arguments)
    {
        var all = variables.ToDictionary(v => v.Name, v => v.Value);
        all["XDG_CONFIG_HOME"] = program.Folder;
        using var process = program.StartWith(all, arguments);
        var ended = process.End();
        Assert.True(ended.ExitCode == exitCode, $"exit code {ended.ExitCode}\n{ended.Output}\n{ended.Error}");
        return ended;
    }
}
