using System.Text.RegularExpressions;
using Orchestrator.Abstractions;
using Orchestrator.Composition;
using Orchestrator.Datasets.Tests;
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

    // Glyphs have the shape of both MNISTs; colour images and those in folders are drawn.
    private string[] StandIn(string file)
    {
        switch (DatasetOf(file))
        {
            case "fashion-mnist" or "mnist":
                return ["""dataset={"type":"glyphs","train":600,"test":60}"""];
            case "cifar10":
                Draw("cifar10", 10, 32);
                return ["""dataset={"type":"image-folder","folder":"cifar10","height":32,"width":32}"""];
            case "image-folder":
                Draw("imagenet", 10, 16);
                return [];
            default:
                return [];
        }
    }

    private static string DatasetOf(string file)
    {
        var text = File.ReadAllText(file);
        var named = Dataset().Match(text);
        return named.Success ? named.Groups[1].Value : DatasetOf(Path.Combine(Path.GetDirectoryName(file)!, Extended().Match(text).Groups[1].Value));
    }

    private void Draw(string folder, int classes, int side)
    {
        foreach (var name in Enumerable.Range(0, classes).SelectMany(label => new[] { $"train/class{label}", $"test/class{label}" }))
        {
            var of = Directory.CreateDirectory(Path.Combine(work.Folder, folder, name)).FullName;
            foreach (var image in Enumerable.Range(0, name.StartsWith("train", StringComparison.Ordinal) ? 20 : 2))
            {
                File.WriteAllBytes(Path.Combine(of, $"{image}.png"), Pictures.Png(side, side, 3, i => ((i * 7) + (image * 31) + name.Length) % 256));
            }
        }
    }

    [GeneratedRegex("\"dataset\": (?:{ \"type\": )?\"([^\"]+)\"")]
    private static partial Regex Dataset();

    [GeneratedRegex("\"extends\": \"([^\"]+)\"")]
    private static partial Regex Extended();
}
