using System.Text.Json;
using Orchestrator.Abstractions;
using Orchestrator.RunFolders;

namespace Orchestrator.Reports.Tests;

/// <summary>What charts draw, from rows.</summary>
public sealed class RunDataTests
{
    [Fact]
    public void An_evaluation_that_is_recorded_late_stands_where_it_was_made()
    {
        using var run = new MadeRun("late", 3, 2_000);
        var summary = RunReader.Summarize(run.Entry, [])!;
        string Data(int late)
        {
            var (data, waiting) = (new RunData(3, Timeline.Of(summary.Pushes)), new Queue<(int Due, EvaluationRecord Record)>());
            for (var n = 0; n < run.Pushes.Count; n++)
            {
                while (waiting.TryPeek(out var first) && first.Due <= n)
                {
                    data.Add(waiting.Dequeue().Record);
                }

                var push = run.Pushes[n];
                data.Add(push);
                if ((n + 1) % 200 == 0)
                {
                    waiting.Enqueue((n + 1 + late, new EvaluationRecord
                    {
                        Event = push.Event,
                        Version = push.Version + 1,
                        Epoch = (n + 1) / 100.0,
                        At = push.ArrivedAt,
                        TestLoss = 1,
                        TestAccuracy = 90,
                        LargestPredictedShare = 0.1,
                        ParameterNorm = 3,
                        Duration = 1,
                    }));
                }
            }

            foreach (var (_, record) in waiting)
            {
                data.Add(record);
            }

            return data.ToJson(run.Entry, summary);
        }

        Assert.Equal(Data(late: 0), Data(late: 70));
    }

    [Fact]
    public void Rows_without_a_value_are_counted_by_column()
    {
        using var run = new MadeRun("diverged", 3, 90);
        var summary = RunReader.Summarize(run.Entry, [])!;
        var data = new RunData(3, Timeline.Of(summary.Pushes));
        foreach (var (n, push) in run.Pushes.Index())
        {
            data.Add(n < 80 ? push : push with { Loss = n % 2 == 0 ? double.NaN : double.PositiveInfinity });
        }

        using var json = JsonDocument.Parse(data.ToJson(run.Entry, summary));
        var pushes = json.RootElement.GetProperty("pushes");
        Assert.Equal((10, 0), (pushes.GetProperty("loss").GetProperty("missing").GetInt64(), pushes.GetProperty("gap").GetProperty("missing").GetInt64()));
    }
}
