using System.Text.Json;
using Orchestrator.RunFolders;

namespace Orchestrator.Docs.Tests;

/// <summary>What the picture needs of a run, read from its folder.</summary>
/// <param name="Title">Its name in the picture.</param>
/// <param name="Colour">The colour of its line.</param>
/// <param name="Digest">Its digest.</param>
/// <param name="Accuracy">Test accuracy in percent, by epoch.</param>
/// <param name="Staleness">How many pushes arrived with staleness 0, 1, 2, ...</param>
internal sealed record PicturedRun(
    string Title, string Colour, string Digest, IReadOnlyList<(double Epoch, double Percent)> Accuracy, IReadOnlyList<int> Staleness)
{
    public static PicturedRun Read(string title, string colour, string folder)
    {
        using var evaluations = RunRows.Evaluations(folder);
        var accuracy = evaluations.ReadAll().Select(e => (e.Epoch, e.TestAccuracy)).ToList();
        using var updates = RunRows.Updates(folder);
        var pushes = updates.ReadAll().GroupBy(push => (int)push.Staleness).ToDictionary(group => group.Key, group => group.Count());
        using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "run.json")));
        return new PicturedRun(
            title,
            colour,
            document.RootElement.GetProperty("digest").GetString()!,
            accuracy,
            [.. Enumerable.Range(0, pushes.Keys.Max() + 1).Select(staleness => pushes.GetValueOrDefault(staleness))]);
    }
}
