using System.Text.Json.Nodes;

namespace Orchestrator.Sweeps;

/// <summary>A loss landscape: what was computed, without how it was drawn.</summary>
public sealed record Landscape
{
    /// <summary>Names its folder: a hash of the question and of the parameters.</summary>
    public required string Id { get; init; }

    public required LandscapeTerms Terms { get; init; }

    /// <summary>Coordinates of the columns.</summary>
    public required double[] X { get; init; }

    /// <summary>Coordinates of the rows.</summary>
    public required double[] Y { get; init; }

    /// <summary>Test loss, row by row; not finite where it is not.</summary>
    public required double[] Loss { get; init; }

    /// <summary>Test accuracy, percent, row by row; NaN without labels.</summary>
    public required double[] Accuracy { get; init; }

    /// <summary>
    /// Shares of the snapshots' variance along x and y; null where directions are random.
    /// </summary>
    public required (double First, double Second)? Explained { get; init; }

    public required IReadOnlyList<LandscapeTrajectory> Trajectories { get; init; }

    /// <summary>Samples that a loss is the mean over.</summary>
    public required int TestSamples { get; init; }

    /// <summary>
    /// Training batches on which batch-norm's statistics were taken anew at each place; 0 without
    /// batch-norm.
    /// </summary>
    public required int RecalibrationBatches { get; init; }

    /// <summary>
    /// Everything as one line of JSON; the same question gives the same bytes, whatever the
    /// threads.
    /// </summary>
    public JsonObject ToJson() => new()
    {
        ["id"] = Id,
        ["directions"] = Terms.IsRandom ? "random" : "pca",
        ["seed"] = Terms.IsRandom ? Terms.Seed : null,
        ["explained"] = Explained is { } shares ? new JsonArray(shares.First, shares.Second) : null,
        ["testSamples"] = TestSamples,
        ["recalibrationBatches"] = RecalibrationBatches,
        ["x"] = Numbers(X),
        ["y"] = Numbers(Y),
        ["loss"] = Numbers(Loss),
        ["accuracy"] = Numbers(Accuracy),
        ["trajectories"] = new JsonArray([.. Trajectories.Select(trajectory => (JsonNode)new JsonObject
        {
            ["run"] = trajectory.Run,
            ["settings"] = new JsonObject(trajectory.Settings.Select(setting => KeyValuePair.Create(setting.Key, (JsonNode?)setting.Value))),
            ["points"] = new JsonArray([.. trajectory.Points.Select(point => (JsonNode)new JsonObject
            {
                ["version"] = point.Version, ["x"] = point.X, ["y"] = point.Y, ["loss"] = Number(point.Loss),
            })]),
        })]),
    };

    private static JsonArray Numbers(double[] values) => new([.. values.Select(value => (JsonNode?)Number(value))]);

    private static JsonValue? Number(double value) => double.IsFinite(value) ? JsonValue.Create(value) : null;
}
