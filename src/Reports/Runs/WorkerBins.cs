using System.Text.Json;
using Orchestrator.Abstractions;

namespace Orchestrator.Reports;

/// <summary>Mean staleness by group of workers and stretch of the run.</summary>
/// <param name="groups">Groups of workers.</param>
internal sealed class WorkerBins(int groups)
{
    private const int Most = 128;

    private readonly Stretches<Stretch> stretches = new(Most, () => new Stretch(groups), (earlier, later) => earlier.Join(later));

    /// <param name="push">One that arrived.</param>
    /// <param name="group">Of its worker.</param>
    public void Add(in PushRecord push, int group) => stretches.Next().Add(push, group);

    public void Write(Utf8JsonWriter json, string name) => json.Object(name, () =>
    {
        json.WriteNumber("perStretch", stretches.Rows);
        json.Integers("updates", stretches.All.Select(stretch => stretch.Version));
        json.WriteStartArray("cells");
        foreach (var (i, stretch) in stretches.All.Index())
        {
            for (var group = 0; group < groups; group++)
            {
                if (stretch.Counts[group] > 0)
                {
                    json.WriteStartArray();
                    json.WriteNumberValue(i);
                    json.WriteNumberValue(group);
                    json.WriteNumberValue(Math.Round((double)stretch.Sums[group] / stretch.Counts[group], 2));
                    json.WriteEndArray();
                }
            }
        }

        json.WriteEndArray();
    });

    private sealed class Stretch(int groups)
    {
        public long[] Sums { get; } = new long[groups];

        public long[] Counts { get; } = new long[groups];

        /// <summary>At its end.</summary>
        public long Version { get; private set; }

        public void Add(in PushRecord push, int group)
        {
            Sums[group] += push.Staleness;
            Counts[group]++;
            Version = push.Version;
        }

        public void Join(Stretch next)
        {
            Version = next.Version;
            for (var i = 0; i < Sums.Length; i++)
            {
                Sums[i] += next.Sums[i];
                Counts[i] += next.Counts[i];
            }
        }
    }
}
