using System.Text.RegularExpressions;
using Orchestrator.Abstractions;
using Orchestrator.Composition;
using Orchestrator.Host.Tests;

namespace Orchestrator.Sweeps.Tests;

/// <summary>
/// Every pipeline of <c>pipelines/</c> is without mistakes, in every cell of its sweep: with data of
/// the same shape in the place of official data, which need not be here.
/// </summary>
public sealed partial class ShippedPipelineTests : IDisposable
{
    private readonly Work work = new();

    public static TheoryData<string> Pipelines => [.. Directory
        .EnumerateFiles(Cli.Shipped(""), "*.json", SearchOption.AllDirectories)
        .Where(file => Path.GetFileName(file) is not ("base.json" or "pipeline.schema.json"))
        .Select(file => Path.GetRelativePath(Cli.Shipped(""), file).Replace('\\', '/'))
        .Order(StringComparer.Ordinal)];

    public void Dispose() => work.Dispose();

    [Theory]
    [MemberData(nameof(Pipelines))]
    public void AShippedPipeline_IsRight(string pipeline)
    {
        var request = new PipelineRequest(new DataFolders([work.Folder])) { Sets = StandIn(Cli.Shipped(pipeline)), Cores = 1, MemoryLimit = 64L << 30 };
        var template = PipelineTemplate.Read(Cli.Shipped(pipeline), Work.Catalog, request, out var mistakes);
        if (mistakes.Count == 0)
        {
            mistakes = template!.Sweep is null ? template.Resolve([]).Mistakes : new SweepPlanner(template, request).Plan().Mistakes;
        }

        Assert.Empty(mistakes.Select(mistake => mistake.ToString()));
    }

    // Glyphs have the shape of both MNISTs; colour images, and those in folders, are drawn, ten
    // classes of them.
    private string[] StandIn(string file)
    {
        var dataset = DatasetOf(file);
        switch (dataset.Groups[1].Value)
        {
            case "fashion-mnist" or "mnist":
                return ["""dataset={"type":"glyphs","train":600,"test":60}"""];
            case "cifar10":
                Images.Draw(Path.Combine(work.Folder, "cifar10"), 10, 32);
                var side = dataset.Groups[2].Success ? dataset.Groups[2].Value : "32";
                return [$$"""dataset={"type":"image-folder","folder":"cifar10","height":{{side}},"width":{{side}}}"""];
            case "image-folder":
                Images.Draw(Path.Combine(work.Folder, "imagenet"), 10, 16);
                return Images.TenClasses(file);
            default:
                return [];
        }
    }

    private static Match DatasetOf(string file)
    {
        var text = File.ReadAllText(file);
        var named = Dataset().Match(text);
        return named.Success ? named : DatasetOf(Path.Combine(Path.GetDirectoryName(file)!, Extended().Match(text).Groups[1].Value));
    }

    [GeneratedRegex("\"dataset\": (?:{ \"type\": )?\"([^\"]+)\"(?:, \"crop\": ([0-9]+))?")]
    private static partial Regex Dataset();

    [GeneratedRegex("\"extends\": \"([^\"]+)\"")]
    private static partial Regex Extended();
}
