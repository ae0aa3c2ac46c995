using System.Text.Json;
using Orchestrator.Abstractions;
using Orchestrator.RunFolders;

namespace Orchestrator.Reports;

/// <summary>Which partition holds how much of which natural group.</summary>
internal sealed class GroupFigures
{
    // More cells than this are not to be told apart on a screen.
    private const int MostGroups = 64;
    private const int MostPartitions = 256;

    private readonly List<string> names = [];
    private readonly SortedDictionary<int, Held> partitions = [];
    private long count;

    /// <summary>Reads a run; null where its data has no groups.</summary>
    /// <param name="folder">Its folder.</param>
    /// <param name="problems">Takes why not all rows could be read.</param>
    public static GroupFigures? Read(string folder, ICollection<string> problems)
    {
        var totals = new Dictionary<string, long>(StringComparer.Ordinal);
        if (!ForEach(folder, problems, row => totals[row.Group] = totals.GetValueOrDefault(row.Group) + row.Samples))
        {
            return null;
        }

        // The largest stand for themselves, in the order of the alphabet; the file is read again, so
        // that no more is kept than is drawn.
        var figures = new GroupFigures { count = totals.Count };
        figures.names.AddRange(totals.OrderByDescending(total => total.Value).ThenBy(total => total.Key, StringComparer.Ordinal).Take(MostGroups).Select(total => total.Key));
        figures.names.Sort(StringComparer.Ordinal);
        var places = figures.names.Index().ToDictionary(name => name.Item, name => name.Index, StringComparer.Ordinal);
        ForEach(folder, [], row =>
        {
            if (!figures.partitions.TryGetValue(row.Partition, out var held))
            {
                figures.partitions[row.Partition] = held = new Held(figures.partitions.Count < MostPartitions ? [] : null);
            }

            held.Groups++;
            if (held.Cells is { } cells && places.TryGetValue(row.Group, out var place))
            {
                cells[place] = row.Samples;
            }
        });
        return figures;
    }

    /// <summary>Writes the cells that are not empty, and how many groups each partition
    /// holds.</summary>
    public void Write(Utf8JsonWriter json, string name) => json.Object(name, () =>
    {
        json.WriteNumber("count", count);
        json.Texts("names", names);
        json.WriteNumber("partitions", partitions.Count);
        json.Integers("numbers", Drawn.Select(part => (long)part.Key));
        json.Integers("groups", Drawn.Select(part => part.Value.Groups));
        json.WriteStartArray("cells");
        foreach (var (row, part) in Drawn.Index())
        {
            foreach (var (group, samples) in part.Value.Cells!)
            {
                json.WriteStartArray();
                json.WriteNumberValue(row);
                json.WriteNumberValue(group);
                json.WriteNumberValue(samples);
                json.WriteEndArray();
            }
        }

        json.WriteEndArray();
    });

    private IEnumerable<KeyValuePair<int, Held>> Drawn => partitions.Where(part => part.Value.Cells is not null);

    private static bool ForEach(string folder, ICollection<string> problems, Action<GroupRecord> take)
    {
        using var rows = RunRows.Groups(folder);
        while (rows?.TryRead(out var row) == true)
        {
            take(row);
        }

        if (rows?.Problem is { } problem)
        {
            problems.Add(problem);
        }

        return rows is not null;
    }

    // Samples by the place of their group; null of a partition that is not drawn.
    private sealed class Held(SortedDictionary<int, long>? cells)
    {
        public SortedDictionary<int, long>? Cells { get; } = cells;

        public long Groups { get; set; }
    }
}
