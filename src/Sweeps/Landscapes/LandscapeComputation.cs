using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Orchestrator.RunFolders;
using Orchestrator.Runs;

namespace Orchestrator.Sweeps;

/// <summary>
/// Computes a landscape place by place, each on all cores, into a file that says how far it is, so
/// that whoever asks again goes on there.
/// </summary>
public sealed class LandscapeComputation : IDisposable
{
    private const string PointsFile = "points.csv";

    private readonly RunLoss loss;
    private readonly LandscapePlane plane;
    private readonly LandscapeTerms terms;
    private readonly List<(double Loss, double Accuracy)> done;
    private readonly string file;
    private readonly double[] x;
    private readonly double[] y;
    private readonly float[] place;
    private int written;

    /// <param name="runs">The runs, at least one; the first one's model counts.</param>
    /// <param name="loss">That model. Disposed of with this.</param>
    /// <param name="terms">What is wanted.</param>
    /// <param name="parent">The folder of landscapes; this one's is made in it.</param>
    /// <exception cref="RunRefusedException">There is no plane.</exception>
    public LandscapeComputation(IReadOnlyList<RunEntry> runs, RunLoss loss, LandscapeTerms terms, string parent)
    {
        (this.loss, this.terms) = (loss, terms);
        plane = LandscapePlane.Of(runs, loss, terms);
        place = new float[plane.First.Length];
        (x, y) = (Axis(point => point.X, terms.Columns), Axis(point => point.Y, terms.Rows));
        Id = IdOf();
        Folder = Path.GetFullPath(Path.Combine(parent, Id));
        file = Path.Combine(Folder, PointsFile);
        done = Read();
    }

    /// <summary>Names the folder.</summary>
    public string Id { get; }

    /// <summary>Where it is kept, full path.</summary>
    public string Folder { get; }

    /// <summary>Places, those of the snapshots included.</summary>
    public int Places => (x.Length * y.Length) + Snapshots.Count();

    /// <summary>Places that are known.</summary>
    public int Done => done.Count;

    private IEnumerable<LandscapePoint> Snapshots => plane.Trajectories.SelectMany(trajectory => trajectory.Points);

    /// <summary>Computes one place and throws it away; seconds that it took, warmed up.</summary>
    public double Probe(CancellationToken stop)
    {
        At(0, stop);
        var watch = Stopwatch.StartNew();
        At(Places / 2, stop);
        return watch.Elapsed.TotalSeconds;
    }

    /// <summary>Computes what is not known yet.</summary>
    /// <param name="progress">Told after each place how many are known.</param>
    /// <param name="stop">Ends it early; what is known stays.</param>
    /// <exception cref="OperationCanceledException">It was ended early.</exception>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public Landscape Run(Action<int> progress, CancellationToken stop)
    {
        Directory.CreateDirectory(Folder);
        using (var points = new FileStream(file, FileMode.Create, FileAccess.Write, FileShare.Read))
        {
            // What a process that was killed wrote last may be half a line: all is written again.
            foreach (var known in done)
            {
                Write(points, known);
            }

            points.Flush();
            while (done.Count < Places)
            {
                var next = At(done.Count, stop);
                Write(points, next);
                points.Flush();
                done.Add(next);
                progress(done.Count);
            }
        }

        var grid = x.Length * y.Length;
        var index = grid;
        return new Landscape
        {
            Id = Id,
            Terms = terms,
            X = x,
            Y = y,
            Loss = [.. done.Take(grid).Select(place => place.Loss)],
            Accuracy = [.. done.Take(grid).Select(place => place.Accuracy)],
            Explained = plane.Explained,
            Trajectories = [.. plane.Trajectories.Select(trajectory => trajectory with { Points = [.. trajectory.Points.Select(point => point with { Loss = done[index++].Loss })] })],
            TestSamples = loss.TestSamples,
            RecalibrationBatches = loss.RecalibrationBatches,
        };
    }

    /// <inheritdoc/>
    public void Dispose() => loss.Dispose();

    // The grid row by row, then the snapshots.
    private (double Loss, double Accuracy) At(int index, CancellationToken stop)
    {
        var grid = x.Length * y.Length;
        if (index >= grid)
        {
            return loss.At(Snapshots.ElementAt(index - grid).Parameters, stop);
        }

        plane.At(x[index % x.Length], y[index / x.Length], place);
        return loss.At(place, stop);
    }

    private double[] Axis(Func<LandscapePoint, double> coordinate, int count)
    {
        var (low, high) = terms.IsRandom ? (-1, 1) : (Snapshots.Min(coordinate), Snapshots.Max(coordinate));
        var (centre, half) = ((low + high) / 2, (high - low) / 2 * terms.Reach);
        return [.. Enumerable.Range(0, count).Select(i => centre + (half * ((2.0 * i / (count - 1)) - 1)))];
    }

    private string IdOf()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var text = FormattableString.Invariant($"{terms.Columns} {terms.Rows} {terms.IsRandom} {terms.Reach:R} {(terms.IsRandom ? terms.Seed : 0)} {loss.Fingerprint} {loss.KernelPath} {RunSession.ProgramVersion}");
        hash.AppendData(Encoding.UTF8.GetBytes(text));
        foreach (var trajectory in plane.Trajectories)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(trajectory.Run));
            foreach (var point in trajectory.Points)
            {
                hash.AppendData(MemoryMarshal.AsBytes(point.Parameters.AsSpan()));
            }
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset())[..12];
    }

    private List<(double Loss, double Accuracy)> Read()
    {
        var known = new List<(double, double)>();
        foreach (var line in File.Exists(file) ? File.ReadLines(file) : [])
        {
            var fields = line.Split(',');
            if (fields.Length != 4 || fields[3] != "." || fields[0] != known.Count.ToString(CultureInfo.InvariantCulture)
                || !double.TryParse(fields[1], NumberStyles.Float, CultureInfo.InvariantCulture, out var lossHere)
                || !double.TryParse(fields[2], NumberStyles.Float, CultureInfo.InvariantCulture, out var accuracy))
            {
                break;
            }

            known.Add((lossHere, accuracy));
        }

        return known.Count > Places ? [] : known;
    }

    // The dot says that the line is whole.
    private void Write(FileStream points, (double Loss, double Accuracy) place) =>
        points.Write(Encoding.UTF8.GetBytes(FormattableString.Invariant($"{written++},{place.Loss:R},{place.Accuracy:R},.\n")));
}
