namespace Orchestrator.Host.Tests;

/// <summary>
/// What a user types that means nothing is answered in one line, before anything starts.
/// </summary>
public sealed class ArgumentTests : IDisposable
{
    private readonly Cli program = new();

    public void Dispose() => program.Dispose();

    [Theory]
    [InlineData("run|FILE|--data|", "--data: '' names no folder")]
    [InlineData("run|FILE|--plugins|", "--plugins: '' names no folder")]
    [InlineData("run|FILE|-o|", "--output: '' names no folder")]
    [InlineData("run|FILE|--token-file|", "--token-file: '' names no file")]
    [InlineData("run|FILE|--certificate| ", "--certificate: ' ' names no file")]
    [InlineData("run|FILE|--listen|", "--listen: '' names no address")]
    [InlineData("run|", "file: '' names no file")]
    [InlineData("run|--resume|", "--resume: '' names no run")]
    [InlineData("validate|", "file: '' names no file")]
    [InlineData("validate|FILE|--data|", "--data: '' names no folder")]
    [InlineData("runs|list|-o|", "--output: '' names no folder")]
    [InlineData("runs|show|", "id: '' names no run")]
    [InlineData("runs|export-delays|x|--file|", "--file: '' names no file")]
    [InlineData("replay|", "run: '' names no run")]
    [InlineData("replay|3f2a", "--set is missing: it says what is to change. 'orchestrator verify 3f2a' runs it again as it was")]
    [InlineData("verify|", "run: '' names no run")]
    [InlineData("plugins|list|--plugins|", "--plugins: '' names no folder")]
    [InlineData("plugins|show|", "name: '' names no plugin")]
    [InlineData("schema|", "file: '' names no file")]
    [InlineData("data|list|--data|", "--data: '' names no folder")]
    [InlineData("data|get|mnist|--data|", "--data: '' names no folder")]
    [InlineData("worker|--server|", "--server: '' names no address")]
    [InlineData("worker|--server|127.0.0.1:1|--token-file|", "--token-file: '' names no file")]
    [InlineData("worker|--server|127.0.0.1:1|--data|", "--data: '' names no folder")]
    [InlineData("export|3f2a|--format|9", "Argument '9' not recognized")]
    [InlineData("export|3f2a|--format|0", "Argument '0' not recognized")]
    [InlineData("report|3f2a|--figures|FILE", "--figures: 'FILE' is a file; a folder is expected")]
    [InlineData("run|FILE|-o|FILE", "--output: 'FILE' is a file; a folder is expected")]
    [InlineData("data|list|--data|FILE", "--data: 'FILE' is a file; a folder is expected")]
    [InlineData("data|list|--data|nowhere", "--data: there is no folder 'nowhere'")]
    [InlineData("validate|FILE|--set|schedule=", "--set: schedule: '' is no run folder")]
    [InlineData("validate|FILE|--axis|optimizer.learningRate=0.1,1e400", "--axis")]
    [InlineData("run|--resume|x|--seeds|2", "--resume goes on with a run as it was: neither a pipeline nor --set, --axis, --where or --seeds can be given with it")]
    [InlineData("run|--resume|x|--where|a=1", "--resume goes on with a run as it was: neither a pipeline nor")]
    [InlineData("run|FILE|--plugins|nowhere", "--plugins: there is no folder 'nowhere'")]
    public void ANameThatNamesNothing_IsRefused(string arguments, string message) => AssertRefused(arguments, message);

    [Theory]
    [InlineData("compare|small|--jsn", "'--jsn' is no option of 'orchestrator compare'; did you mean '--json'?")]
    [InlineData("compare|small|--plugins|DIR", "'--plugins' is no option of 'orchestrator compare'")]
    [InlineData("compare|small|-x", "'-x' is no option of 'orchestrator compare'")]
    [InlineData("analyze|small|--onyl|factors", "'--onyl' is no option of 'orchestrator analyze'; did you mean '--only'?")]
    [InlineData("report|small|--jsn", "'--jsn' is no option of 'orchestrator report'; did you mean '--json'?")]
    [InlineData("landscape|small|--gird|5x5", "'--gird' is no option of 'orchestrator landscape'; did you mean '--grid'?")]
    [InlineData("anatomy|--jsn", "'--jsn' is no option of 'orchestrator anatomy'; did you mean '--json'?")]
    [InlineData("runs|show|--jsn", "'--jsn' is no option of 'orchestrator runs show'; did you mean '--json'?")]
    [InlineData("runs|tag|keep|--wher", "'--wher' is no option of 'orchestrator runs tag'; did you mean '--where'?")]
    [InlineData("replay|--st", "'--st' is no option of 'orchestrator replay'; did you mean '--set'?")]
    [InlineData("verify|--jsn", "'--jsn' is no option of 'orchestrator verify'; did you mean '--json'?")]
    [InlineData("export|--jsn", "'--jsn' is no option of 'orchestrator export'; did you mean '--json'?")]
    [InlineData("sweep|status|--jsn", "'--jsn' is no option of 'orchestrator sweep status'; did you mean '--json'?")]
    [InlineData("sweep|why|momentum=0|--jsn", "'--jsn' is no option of 'orchestrator sweep why'; did you mean '--json'?")]
    [InlineData("sweep|why|3|--sweep|--jsn", "--sweep: '--jsn' names no sweep; one that begins like an option is written with ./ before it")]
    [InlineData("launch|status|--jsn", "'--jsn' is no option of 'orchestrator launch status'; did you mean '--json'?")]
    [InlineData("run|--resume|--quite", "--resume: '--quite' names no run; one that begins like an option is written with ./ before it")]
    public void AnOptionWithATypingError_IsNoName(string arguments, string message) => AssertRefused(arguments, message);

    [Theory]
    [InlineData("--checkpoint-seconds", "0,5")]
    [InlineData("--checkpoint-seconds", "1,000")]
    [InlineData("--checkpoint-seconds", "NaN")]
    [InlineData("--checkpoint-seconds", "Infinity")]
    [InlineData("--checkpoint-seconds", "1e999")]
    [InlineData("--checkpoint-seconds", "-5")]
    [InlineData("--lease", "1e15")]
    [InlineData("--checkpoint-updates", "-5")]
    [InlineData("--checkpoint-updates", "0,5")]
    [InlineData("--threads", "1,000")]
    [InlineData("--threads", "0")]
    [InlineData("--hosts", "2.0")]
    [InlineData("--metrics-port", "65536")]
    public void ANumberThatIsNone_IsRefused(string option, string value) => AssertRefused($"run|FILE|{option}|{value}", $"{option}: '{value}' is not a");

    [Fact]
    public void AnExplicitFolderOfData_IsTheOnlyOne()
    {
        var folder = Directory.CreateDirectory(Path.Combine(program.Folder, "mine")).FullName;
        var other = Directory.CreateDirectory(Path.Combine(program.Folder, "other")).FullName;
        var variables = new Dictionary<string, string> { ["ORCHESTRATOR_DATA"] = other };
        using var given = program.StartWith(variables, "validate", program.Pipeline(OfMnist), "--data", folder);
        Assert.Contains($"Looked in {folder}/mnist, {folder}.", given.End().Error, StringComparison.Ordinal);

        using var byVariable = program.StartWith(variables, "validate", program.Pipeline(OfMnist));
        Assert.Contains($"Looked in {other}/mnist, {other}.", byVariable.End().Error, StringComparison.Ordinal);
    }

    [Fact]
    public void AFolderOfDataThatIsNotThere_IsSaid_AndHarmsOnlyWhatNeedsIt()
    {
        var without = program.Run("validate", program.Pipeline(Pipelines.Small), "--data", "nowhere");
        Assert.Equal(0, without.ExitCode);
        Assert.Contains("warning: --data: there is no folder 'nowhere'", without.Error, StringComparison.Ordinal);

        var with = program.Run("validate", program.Pipeline(OfMnist), "--data", "nowhere");
        Assert.Equal(64, with.ExitCode);
        Assert.Contains($"Looked in {program.Folder}/nowhere/mnist", with.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatBeginsWithAnAt_IsAName()
    {
        var ended = program.Run("run", program.Pipeline(Pipelines.Small, "@exp.json"), "--quiet", "--output", "@out", "--set", "stop.updates=5");
        Assert.True(ended.ExitCode == 0, ended.Error);
        Assert.True(Directory.Exists(Path.Combine(program.Folder, "@out", "small")));
    }

    [Fact]
    public void AShippedPipeline_IsFoundByName_WhereNoFileHasIt()
    {
        var shipped = program.Run("validate", "seeds/gap-aware/quadratic", "--json");
        Assert.True(shipped.ExitCode == 0, shipped.Error);
        File.WriteAllText(Path.Combine(program.Folder, "quickstart"), Pipelines.Small.Replace("\"small\"", "\"mine\"", StringComparison.Ordinal));
        Assert.Contains("\"mine\"", program.Run("validate", "quickstart").Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("quickstrt", "there is no file 'quickstrt', and no pipeline of that name comes with the program; did you mean 'quickstart'?")]
    [InlineData("tets", "there is no file 'tets', and no pipeline of that name comes with the program; did you mean 'test.json'?")]
    [InlineData("quickstart.json", "quickstart.json: there is no file 'quickstart.json'")]
    [InlineData("../pipelines/quickstart", "../pipelines/quickstart: there is no file")]
    public void APipelineThatIsNowhere_IsTold(string name, string message) => AssertRefused($"validate|{name}", message);

    [Fact]
    public void AValueWithoutItsOption_IsTold() =>
        AssertRefused("run|FILE|seed=3", "'seed=3' is one argument too many for 'orchestrator run'; a value of the pipeline is set with --set seed=3");

    [Fact]
    public void MistakesOfAPipeline_AreJson_WhereJsonIsAskedFor()
    {
        var ended = program.Run("run", program.Pipeline("""{ "optimizer": { "type": "sgd", "lr": 1 } }"""), "--json", "--output", program.Runs);
        Assert.Equal(64, ended.ExitCode);
        var document = System.Text.Json.JsonDocument.Parse(ended.Output).RootElement;
        Assert.False(document.GetProperty("valid").GetBoolean());
        Assert.Contains(
            document.GetProperty("mistakes").EnumerateArray(),
            m => m.GetProperty("path").GetString() == "optimizer.lr" && m.GetProperty("message").GetString()!.EndsWith("'lr' is 'learningRate' here",
                StringComparison.Ordinal));
        Assert.Contains("optimizer.lr", ended.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(program.Runs));
    }

    private const string OfMnist = """
        { "dataset": "mnist", "model": "softmax-regression", "optimizer": { "type": "sgd", "learningRate": 0.1 },
          "workers": { "count": 1, "compute": { "type": "constant", "ms": 1 } }, "stop": { "updates": 1 } }
        """;

    private void AssertRefused(string arguments, string message)
    {
        var file = program.Pipeline(Pipelines.Small);
        var ended = program.Run([.. arguments.Split('|').Select(argument => argument == "FILE" ? file : argument)]);

        Assert.True(ended.ExitCode == 64, $"exit code {ended.ExitCode}: {ended.Output}{ended.Error}");
        Assert.StartsWith("error: " + message.Replace("FILE", file, StringComparison.Ordinal), ended.Error, StringComparison.Ordinal);
        Assert.Empty(ended.Output);
        Assert.Equal([file], Directory.EnumerateFileSystemEntries(program.Folder));
    }
}
