using Orchestrator.Abstractions;
using Orchestrator.Numerics;
using Orchestrator.RunFolders;
using Orchestrator.Runs;
using Orchestrator.Statistics.Planes;

namespace Orchestrator.Sweeps;

/// <summary>Two directions in parameter space, and what is drawn in their plane.</summary>
/// <param name="Centre">Where both coordinates are 0.</param>
/// <param name="First">The direction of x.</param>
/// <param name="Second">The direction of y.</param>
/// <param name="Explained">Shares of the snapshots' variance; null where directions are
/// random.</param>
/// <param name="Trajectories">Of each run, its snapshots in the plane.</param>
internal sealed record LandscapePlane(double[] Centre, float[] First, float[] Second, (double First, double Second)? Explained, IReadOnlyList<LandscapeTrajectory> Trajectories)
{
    /// <summary>Parameters at a place of the plane.</summary>
    public void At(double x, double y, Span<float> parameters)
    {
        for (var i = 0; i < parameters.Length; i++)
        {
            parameters[i] = (float)(Centre[i] + (x * First[i]) + (y * Second[i]));
        }
    }

    /// <summary>The plane of a question.</summary>
    /// <param name="runs">The runs; the first one's model counts.</param>
    /// <param name="loss">That model.</param>
    /// <param name="terms">What is wanted.</param>
    /// <exception cref="RunRefusedException">Too few snapshots, or snapshots of another
    /// model.</exception>
    public static LandscapePlane Of(IReadOnlyList<RunEntry> runs, RunLoss loss, LandscapeTerms terms)
    {
        if (terms.IsRandom)
        {
            return Random(runs[0], loss, terms.Seed);
        }

        var trajectories = runs.Select(run => (Run: run, Points: loss.Trajectory(run))).ToList();
        List<float[]> points = [.. trajectories.SelectMany(trajectory => trajectory.Points.Select(point => point.Parameters))];
        if ((points.Count < 3 ? null : PrincipalPlane.Of(points)) is not { } plane)
        {
            throw new RunRefusedException(
                $"{string.Join(", ", runs.Select(run => run.Folder))}: {points.Count} snapshots of parameters span no plane; at least three that are not on one line are needed. "
                + "Give the pipeline \"snapshots\": { \"everyEpochs\": 0.25 } and run it again, or ask for --directions random.");
        }

        var next = 0;
        var settings = RunSettings.Differences([.. runs.Select(RunSettings.Read)]);
        return new(plane.Mean, plane.First, plane.Second, plane.Explained, [.. trajectories.Select((trajectory, i) => new LandscapeTrajectory(
            Title(trajectory.Run),
            settings[i],
            [.. trajectory.Points.Select(point =>
            {
                var (x, y) = plane.Coordinates[next++];
                return new LandscapePoint(point.Version, x, y) { Parameters = point.Parameters };
            })]))]);
    }

    // Li et al. (2018): Gaussian, each filter as long as the trained one; biases and batch-norm's
    // parameters, which are vectors, stay as they are.
    private static LandscapePlane Random(RunEntry run, RunLoss loss, long seed)
    {
        var (version, centre) = loss.Trajectory(run)[^1];
        if (loss.Layout.Parameters.All(tensor => tensor.Shape.Count <= 1))
        {
            throw new RunRefusedException($"{run.Folder}: a random direction moves filters and leaves vectors as they are, and all parameters of this model are vectors; leave out --directions random, which takes the plane of the run's own way.");
        }

        return new(
            [.. centre.Select(value => (double)value)], Direction(loss.Layout, centre, seed, 0), Direction(loss.Layout, centre, seed, 1), null,
            [new LandscapeTrajectory(Title(run), [], [new LandscapePoint(version, 0, 0) { Parameters = centre }])]);
    }

    private static float[] Direction(ParameterLayout layout, float[] centre, long seed, long number)
    {
        var (direction, random) = (new float[layout.Length], new RandomStreams(seed).Open("landscape", number));
        foreach (var tensor in layout.Parameters.Where(tensor => tensor.Shape.Count > 1))
        {
            var filter = tensor.Length / tensor.Shape[0];
            for (var start = tensor.Offset; start < tensor.Offset + tensor.Length; start += filter)
            {
                var drawn = direction.AsSpan(start, filter);
                for (var i = 0; i < filter; i++)
                {
                    drawn[i] = (float)Distributions.Normal(random, 0, 1);
                }

                var scale = Math.Sqrt(FixedOrder.SumOfSquares(centre.AsSpan(start, filter)) / FixedOrder.SumOfSquares(drawn));
                for (var i = 0; i < filter; i++)
                {
                    drawn[i] = (float)(drawn[i] * scale);
                }
            }
        }

        return direction;
    }

    private static string Title(RunEntry run) => FormattableString.Invariant($"{run.Name}/{run.Id}-{run.Attempt}");
}

/// <summary>A run's way through the plane.</summary>
/// <param name="Run">The run, <c>NAME/ID-ATTEMPT</c>.</param>
/// <param name="Settings">The values in which it differs from the others of the landscape, by path;
/// empty of a run that is alone or differs in none.</param>
/// <param name="Points">Its snapshots.</param>
public sealed record LandscapeTrajectory(string Run, IReadOnlyList<KeyValuePair<string, string>> Settings, IReadOnlyList<LandscapePoint> Points)
{
    /// <summary>
    /// What it is called beside others: <c>optimizer.momentum=0.9</c>; the run where nothing tells
    /// it from them.
    /// </summary>
    public string Label => Settings.Count == 0 ? Run : string.Join(", ", Settings.Select(Text));

    /// <summary>A setting as it is written on the command line.</summary>
    public static string Text(KeyValuePair<string, string> setting) => $"{setting.Key}={setting.Value}";
}

/// <summary>A snapshot, projected into the plane.</summary>
/// <param name="Version">Updates until then.</param>
/// <param name="X">Along the first direction.</param>
/// <param name="Y">Along the second direction.</param>
public sealed record LandscapePoint(long Version, double X, double Y)
{
    /// <summary>Test loss of the snapshot itself, which lies beside the plane.</summary>
    public double Loss { get; init; } = double.NaN;

    internal float[] Parameters { get; init; } = [];
}
