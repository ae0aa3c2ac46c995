using System.Text;
using Orchestrator.Abstractions;

namespace Orchestrator.RunFolders;

/// <summary>A run folder, for whoever draws conclusions from it.</summary>
public sealed class RecordedRun : IRunRecords
{
    private const int LargestPipeline = 16 << 20;

    private readonly string folder;

    private RecordedRun(string folder, RunFacts facts, ICounterfactuals? counterfactuals) => (this.folder, Facts, Counterfactuals) = (folder, facts, counterfactuals);

    /// <inheritdoc/>
    public RunFacts Facts { get; }

    /// <inheritdoc/>
    public ICounterfactuals? Counterfactuals { get; }

    /// <summary>Opens the record of a run; null where its <c>run.json</c> cannot be read.</summary>
    /// <param name="run">As read.</param>
    /// <param name="settings">What tells it from others, such as its values on a sweep's axes; by
    /// default what its pipeline says.</param>
    /// <param name="counterfactuals">Trains it again with something missing; null where nothing
    /// can.</param>
    public static RecordedRun? Open(RunEntry run, IReadOnlyDictionary<string, string>? settings = null, ICounterfactuals? counterfactuals = null) => run.Document is not { } document ? null : new RecordedRun(run.Folder, new RunFacts
    {
        Name = run.Name,
        Id = run.Id,
        Attempt = run.Attempt,
        Status = run.Status,
        Message = document.Message,
        Pipeline = PipelineOf(run.Folder),
        Clock = document.Run.IsVirtual ? ClockKind.Virtual : ClockKind.Wall,
        Workers = document.Run.Workers,
        Classes = document.Run.Classes,
        KernelPath = document.Run.KernelPath,
        Digest = document.Digest,
        WallSeconds = document.Summary?.WallSeconds,
        Settings = settings ?? RunSettings.Read(run),
    }, counterfactuals);

    /// <inheritdoc/>
    public IRecordReader<PushRecord> OpenPushes() => RunRows.Updates(folder);

    /// <inheritdoc/>
    public IRecordReader<EvaluationRecord> OpenEvaluations() => RunRows.Evaluations(folder);

    /// <inheritdoc/>
    public IRecordReader<ConfusionRecord> OpenConfusions() => RunRows.Confusions(folder) ?? (IRecordReader<ConfusionRecord>)new NoConfusions();

    /// <inheritdoc/>
    public IRecordReader<RunEvent> OpenEvents() => RunRows.Events(folder);

    /// <inheritdoc/>
    public IRecordReader<PartitionRecord> OpenPartitions() => RunRows.Partitions(folder);

    private static string? PipelineOf(string folder)
    {
        try
        {
            return Encoding.UTF8.GetString(RegularFile.ReadAllBytes(Path.Combine(folder, RunFolder.PipelineFileName), LargestPipeline));
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private sealed class NoConfusions : IRecordReader<ConfusionRecord>
    {
        public RecordPlace Place => new(ConfusionRows.FileName, 0);

        public string? Problem => null;

        public bool TryRead(out ConfusionRecord record)
        {
            record = null!;
            return false;
        }

        public void Dispose()
        {
        }
    }
}
