using Orchestrator.Abstractions;
using Orchestrator.Composition;
using Orchestrator.Engine;
using Orchestrator.RunFolders;

namespace Orchestrator.Runs;

/// <summary>
/// The test loss of a recorded run's model at any parameters. Statistics of batch normalisation
/// are taken anew at each place, on training batches: those of another place would say nothing.
/// </summary>
public sealed class RunLoss : IDisposable
{
    // Of models whose own evaluation takes none.
    private const int UsualBatches = 16;

    private readonly LossProbe probe;
    private readonly NativeVector vector;

    private RunLoss(Experiment experiment, RunEntry run)
    {
        (Layout, Fingerprint, KernelPath, TestSamples) = (experiment.Objective.Layout, experiment.Data.Fingerprint, experiment.Objective.KernelPath, experiment.Data.Test.Count);
        RecalibrationBatches = Layout.BufferLength == 0 ? 0 : Math.Max(UsualBatches, experiment.Objective.RecalibrationBatches);
        probe = new LossProbe(experiment, RecalibrationBatches);
        vector = new NativeVector(Layout.Length + Layout.BufferLength);
        Initial(experiment, run);
    }

    /// <summary>Names and shapes of the parameters.</summary>
    public ParameterLayout Layout { get; }

    /// <summary>Of the data.</summary>
    public string Fingerprint { get; }

    /// <summary>What results depend on beyond their inputs.</summary>
    public string KernelPath { get; }

    /// <summary>Samples that a loss is the mean over.</summary>
    public int TestSamples { get; }

    /// <summary>Training batches that batch-norm's statistics are taken on; 0 without.</summary>
    public int RecalibrationBatches { get; }

    /// <summary>Loads a run's model and data.</summary>
    /// <param name="run">The run.</param>
    /// <param name="catalog">Where its plugins are.</param>
    /// <param name="data">Where data lies.</param>
    /// <param name="cores">Compute cores; change no result.</param>
    /// <exception cref="RunRefusedException">Its pipeline cannot be loaded, or its data is not what
    /// it was.</exception>
    /// <exception cref="DataException">The data is not there.</exception>
    public static RunLoss Of(RunEntry run, PluginCatalog catalog, DataFolders data, int cores)
    {
        var pipeline = Pipeline.Load(Resumption.PipelineOf(run), catalog, new PipelineRequest(data) { Cores = cores }).OrThrow();
        var experiment = ExperimentBuilder.Build(pipeline, data, cores);
        return run.Document?.Run.DatasetFingerprint is { } then && then != experiment.Data.Fingerprint
            ? throw new RunRefusedException($"{run.Folder}: its data is not what it was: the fingerprint was {then} and is {experiment.Data.Fingerprint}.")
            : new RunLoss(experiment, run);
    }

    /// <summary>A run's parameters on its way, the last ones at the end.</summary>
    /// <exception cref="RunRefusedException">A file cannot be read, or is of another
    /// model.</exception>
    public IReadOnlyList<(long Version, float[] Parameters)> Trajectory(RunEntry run)
    {
        var last = RunReader.Summarize(run, [])?.Updates ?? 0;
        var final = Path.Combine(run.Folder, Safetensors.ParametersFileName);
        var files = SnapshotFiles.In(run.Folder).Where(snapshot => snapshot.Version < last).ToList();
        return [.. files.Append((last, final)).Select(snapshot => (snapshot.Item1, Read(snapshot.Item2, Layout.Parameters, Layout.Length)))];
    }

    /// <summary>Mean loss over the test samples, and accuracy in percent.</summary>
    /// <exception cref="OperationCanceledException">It was ended early.</exception>
    public (double Loss, double Accuracy) At(ReadOnlySpan<float> parameters, CancellationToken stop)
    {
        parameters.CopyTo(vector.Span);
        return probe.At(vector, stop);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        probe.Dispose();
        vector.Dispose();
    }

    // Buffers begin at the run's last ones.
    private void Initial(Experiment experiment, RunEntry run)
    {
        if (Layout.BufferLength > 0)
        {
            experiment.Objective.Initialize(experiment.Streams.Open("init"), vector.Slice(0, Layout.Length), vector.Slice(Layout.Length, Layout.BufferLength));
            Read(Path.Combine(run.Folder, Safetensors.ParametersFileName), Layout.Buffers, Layout.BufferLength).CopyTo(vector.Span[Layout.Length..]);
        }
    }

    private static float[] Read(string path, IReadOnlyList<NamedTensor> tensors, int length)
    {
        try
        {
            var (saved, vector) = (Safetensors.Read(path), new float[length]);
            foreach (var tensor in tensors)
            {
                if (!saved.TryGetValue(tensor.Name, out var found) || !found.Shape.SequenceEqual(tensor.Shape))
                {
                    throw new RunRefusedException($"{path}: it is of another model: '{tensor.Name}' of shape [{string.Join(", ", tensor.Shape)}] is not in it.");
                }

                found.Values.CopyTo(vector, tensor.Offset);
            }

            return vector;
        }
        catch (Exception failure) when (failure is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            throw new RunRefusedException($"{path}: cannot be read: {failure.Message}");
        }
    }
}
