using System.Text.Json;

namespace Orchestrator.Host.Tests;

/// <summary>Runs that start from given parameters.</summary>
public sealed class InitialTests : IDisposable
{
    private readonly Cli program = new();

    public void Dispose() => program.Dispose();

    [Fact]
    public void ARun_GoesOnFromTheParametersOfAnother_ByFolderOrFile()
    {
        var first = program.RunJson(program.Pipeline(Pipelines.Small), 0);
        var folder = first.GetProperty("folder").GetString()!;
        var second = program.RunJson(program.Pipeline(Pipelines.Small), 0, "--set", $"initial.from={folder}");
        var third = program.RunJson(
            program.Pipeline(Pipelines.Small), 0, "--set", $"initial.from={Path.Combine(folder, "parameters.safetensors")}", "--set",
            "transport.type=shared-memory");

        Assert.Equal(first.GetProperty("testLoss").GetDouble(), LossAtStart(second));
        Assert.NotEqual(first.GetProperty("digest").GetString(), second.GetProperty("digest").GetString());
        Assert.Equal(second.GetProperty("digest").GetString(), third.GetProperty("digest").GetString());
        var verified = program.Run("verify", second.GetProperty("folder").GetString()!, "--json", "--quiet");
        Assert.Equal("exact", JsonDocument.Parse(verified.Output).RootElement.GetProperty("verdict").GetString());
    }

    [Theory]
    [InlineData("nothing.safetensors", "holds no parameters that can be read: there is no file")]
    [InlineData("pipeline", "holds no parameters that can be read")]
    [InlineData("other", "of shape [")]
    public void WhatIsNotOfThisModel_IsRefusedBeforeARun(string kind, string expected)
    {
        var file = program.Pipeline(Pipelines.Small);
        var from = kind switch
        {
            "pipeline" => file,
            "other" =>
                program.RunJson(file, 0, "--set", "model={\"type\":\"mlp\",\"hidden\":[5]}", "--set", "stop.updates=2").GetProperty("folder").GetString()!,
            _ => kind,
        };
        var ended = program.Run("validate", file, "--set", $"initial.from={from}", "--set", "model={\"type\":\"mlp\",\"hidden\":[6]}");

        Assert.Equal(64, ended.ExitCode);
        Assert.Contains("initial.from: ", ended.Error);
        Assert.Contains(expected, ended.Error);
    }

    private static double LossAtStart(JsonElement summary) =>
        double.Parse(
            File.ReadLines(Path.Combine(summary.GetProperty("folder").GetString()!, "evaluations.csv")).ElementAt(1).Split(',')[4],
            System.Globalization.CultureInfo.InvariantCulture);
}
