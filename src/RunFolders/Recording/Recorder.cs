using Orchestrator.Abstractions;

namespace Orchestrator.RunFolders;

/// <summary>
/// The lossless record of a run: <c>updates.csv</c>, <c>evaluations.csv</c>, <c>events.csv</c>, the
/// digest, the statistics and at the end <c>parameters.safetensors</c>. One thread calls
/// <see cref="Push"/>, which copies the record into a bounded ring and allocates nothing; it waits
/// when the ring is full. A thread of the recorder does the rest, so that rows reach the operating
/// system within 100 ms or 64 KB. Evaluations and events may come from any thread. A failed write
/// is kept and thrown by every later call.
/// </summary>
public sealed class Recorder : IRecorder, IDisposable
{
    private readonly string folder;
    private readonly ParameterLayout layout;
    private readonly RecordWriter writer;
    private bool closed;

    /// <param name="folder">An existing folder without these files.</param>
    /// <param name="layout">Names the tensors of the final parameters.</param>
    /// <param name="hasMoreSets">Whether evaluations are of more than the test samples.</param>
    /// <param name="hasConfusions">Whether it is counted what the samples of each class are taken
    /// for.</param>
    /// <exception cref="RecorderException">A file cannot be made.</exception>
    public Recorder(string folder, ParameterLayout layout, bool hasMoreSets = false, bool hasConfusions = false)
    {
        (this.folder, this.layout) = (folder, layout);
        writer = new RecordWriter(folder, hasMoreSets, hasConfusions);
    }

    private Recorder(string folder, ParameterLayout layout, RecordWriter writer) => (this.folder, this.layout, this.writer) = (folder, layout, writer);

    /// <summary>
    /// Goes on with the record of a run that ended early: its files are cut to where they were.
    /// </summary>
    /// <param name="folder">The run's folder.</param>
    /// <param name="layout">Names the tensors of the final parameters.</param>
    /// <param name="from">Where the record was, from a checkpoint.</param>
    /// <exception cref="RecorderException">A file is missing, or does not begin with what it
    /// held.</exception>
    public static Recorder Resume(string folder, ParameterLayout layout, RecorderPosition from) => new(folder, layout, new RecordWriter(folder, from));

    /// <summary>The run's digest; null before <see cref="Finish"/>.</summary>
    public string? Digest { get; private set; }

    /// <summary>Why the record has a hole; null where it has none.</summary>
    public RecorderException? Failure => writer.Failure;

    /// <summary>Over all records; settled once the recorder is finished or disposed.</summary>
    public RunStatistics Statistics => closed ? writer.Statistics : throw new InvalidOperationException("The statistics are settled only when the recorder is finished or disposed.");

    /// <inheritdoc/>
    /// <exception cref="RecorderException">An earlier record could not be written.</exception>
    public void Push(in PushRecord record) => writer.Add(in record);

    /// <inheritdoc/>
    /// <exception cref="RecorderException">An earlier record could not be written.</exception>
    public void Evaluation(in EvaluationRecord record) => writer.Add(in record);

    /// <inheritdoc/>
    /// <exception cref="RecorderException">An earlier record could not be written.</exception>
    public void Event(RunEvent record) => writer.Add(record);

    /// <inheritdoc/>
    /// <exception cref="RecorderException">An earlier record could not be written.</exception>
    /// <exception cref="InvalidOperationException">The recorder was made without it.</exception>
    public void Confusion(ConfusionRecord record) => writer.Add(record);

    /// <summary>
    /// Waits until every record so far is on the disk; tells how far the files and the digest are,
    /// as a checkpoint needs it.
    /// </summary>
    /// <exception cref="RecorderException">A record could not be written.</exception>
    public RecorderPosition Flush() => writer.Flush();

    /// <summary>
    /// Writes all that is left and the final parameters, and closes the digest; returns it.
    /// </summary>
    /// <param name="parameters">Length k.</param>
    /// <param name="buffers">The model's buffers; outside the digest.</param>
    /// <exception cref="RecorderException">A record or the parameters could not be
    /// written.</exception>
    public string Finish(ReadOnlySpan<float> parameters, ReadOnlySpan<float> buffers = default)
    {
        Close();
        writer.ThrowIfFailed();
        Safetensors.Write(Path.Combine(folder, Safetensors.ParametersFileName), layout, parameters, buffers);
        return Digest = writer.Digest.Finish(parameters);
    }

    /// <summary>
    /// Writes all that is left and closes the files; what goes wrong stands in
    /// <see cref="Failure"/>.
    /// </summary>
    public void Dispose() => Close();

    private void Close()
    {
        closed = true;
        writer.Dispose();
    }
}
