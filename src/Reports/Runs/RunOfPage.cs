using System.Text;
using System.Text.Json;
using Orchestrator.Abstractions;
using Orchestrator.RunFolders;

namespace Orchestrator.Reports;

/// <summary>What a report says of the run that it is of: enough to run it again.</summary>
/// <param name="Name">The pipeline's name.</param>
/// <param name="Id">Hash of the resolved pipeline.</param>
/// <param name="Attempt">Number of the run among those of its id.</param>
/// <param name="Digest">The run's digest; null where it did not end in order.</param>
/// <param name="IsVirtual">Whether its times were drawn; others cannot be run again from a
/// page.</param>
/// <param name="ProgramVersion">Of the program that ran it.</param>
/// <param name="KernelPath">What the model's results depend on beyond their inputs.</param>
/// <param name="Pipeline">The resolved pipeline, JSON.</param>
/// <param name="Data">All that the page draws, JSON.</param>
public sealed record RunOfPage(
    string Name, string Id, int Attempt, string? Digest, bool IsVirtual, string ProgramVersion, string KernelPath, string Pipeline, string Data)
{
    /// <summary>Where it stands in <see cref="Data"/>.</summary>
    internal const string Key = "run";

    private const int LargestPage = 64 << 20;
    private const string Begin = "<script type=\"application/json\" id=\"data\">";
    private const string End = "</script>";

    /// <summary>Reads a report that somebody may have sent.</summary>
    /// <param name="file">The page.</param>
    /// <exception cref="InvalidDataException">It is no report of a run, or of one that it does not
    /// hold enough of.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static RunOfPage Read(string file)
    {
        var page = Encoding.UTF8.GetString(RegularFile.ReadAllBytes(file, LargestPage));
        var start = page.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        var end = start < Begin.Length ? -1 : page.IndexOf(End, start, StringComparison.Ordinal);
        try
        {
            var data = end < 0 ? throw new InvalidDataException($"{file}: no report of a run.") : page[start..end];
            using var document = JsonDocument.Parse(data);
            var run = document.RootElement.GetProperty(Key);
            return new RunOfPage(
                Text("name"), Text("id"), run.GetProperty("attempt").GetInt32(), run.GetProperty("digest").GetString(),
                document.RootElement.GetProperty("isVirtual").GetBoolean(), Text("program"), Text("kernelPath"), Text("pipeline"), data);

            string Text(string name) => run.GetProperty(name).GetString() ?? throw new InvalidDataException($"{file}: the report does not say its run's {name}.");
        }
        catch (Exception broken) when (broken is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new InvalidDataException($"{file}: no report of a run that can be run again: {broken.Message}");
        }
    }

    internal static void Write(Utf8JsonWriter json, RunEntry run, RunSummary summary) => json.Object(Key, () =>
    {
        json.WriteString("name", summary.Name);
        json.WriteString("id", summary.Id);
        json.WriteNumber("attempt", summary.Attempt);
        json.WriteString("digest", summary.Digest);
        json.WriteString("program", run.Document?.Run.ProgramVersion);
        json.WriteString("kernelPath", run.Document?.Run.KernelPath);
        json.WriteString("pipeline", RecordedRun.Open(run)?.Facts.Pipeline);
        if (run.Document?.Run.ClassNames is { } names)
        {
            json.Texts("classNames", names);
        }
    });
}
