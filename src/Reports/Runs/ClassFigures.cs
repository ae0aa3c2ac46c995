using System.Text.Json;
using Orchestrator.Abstractions;
using Orchestrator.RunFolders;
using Orchestrator.Statistics;

namespace Orchestrator.Reports;

/// <summary>How well each class is recognised at the last evaluation of each set.</summary>
internal sealed class ClassFigures
{
    // More cells than this are not to be told apart on a screen.
    private const int MostDrawn = 100;

    private readonly SortedDictionary<SampleSet, (long Version, IReadOnlyList<long>[] Counts)> last = [];
    private readonly List<IReadOnlyList<long>> matrix = [];

    /// <summary>Whether there is no whole matrix.</summary>
    public bool IsEmpty => last.Count == 0;

    /// <summary>Reads a run, which need not have counted anything.</summary>
    /// <param name="folder">Its folder.</param>
    /// <param name="problems">Takes why not all rows could be read.</param>
    public void Read(string folder, ICollection<string> problems)
    {
        using var rows = RunRows.Confusions(folder);
        while (rows?.TryRead(out var row) == true)
        {
            Add(row);
        }

        if (rows?.Problem is { } problem)
        {
            problems.Add(problem);
        }
    }

    /// <summary>Takes the next row; a matrix counts when it is whole.</summary>
    public void Add(ConfusionRecord row)
    {
        if (row.Class == 0)
        {
            matrix.Clear();
        }

        matrix.Add(row.Predicted);
        if (row.Class == row.Predicted.Count - 1 && matrix.Count == row.Predicted.Count && matrix.TrueForAll(counts => counts.Count == matrix.Count))
        {
            last[row.Set] = (row.Version, [.. matrix]);
        }
    }

    /// <summary>Writes each set's matrix, where it is small enough, and what follows from it.</summary>
    public void Write(Utf8JsonWriter json, string name)
    {
        json.WriteStartArray(name);
        foreach (var (set, (version, counts)) in last)
        {
            var scores = ClassScores.Of(counts);
            json.WriteStartObject();
            json.WriteString("set", set.ToString().ToLowerInvariant());
            json.WriteNumber("version", version);
            json.Integers("samples", scores.Samples);
            json.Numbers("precision", scores.Precision);
            json.Numbers("recall", scores.Recall);
            json.Numbers("f1", scores.F1);
            json.Numbers("means", [scores.BalancedAccuracy, scores.MacroF1]);
            json.WriteStartArray("counts");
            foreach (var row in counts.Length <= MostDrawn ? counts : [])
            {
                json.WriteStartArray();
                foreach (var count in row)
                {
                    json.WriteNumberValue(count);
                }

                json.WriteEndArray();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
