using Orchestrator.Abstractions;

namespace Orchestrator.Composition;

/// <summary>What a check may look at.</summary>
/// <param name="Pipeline">Bound, with every value in its range.</param>
/// <param name="Request">Data folders, cores, memory.</param>
/// <param name="Document">The document as it was written.</param>
/// <param name="Plugins">An instance of each plugin.</param>
/// <param name="Mistakes">Where mistakes go.</param>
internal sealed record CheckContext(ResolvedPipeline Pipeline, PipelineRequest Request, ObjectNode Document, Instances Plugins, Mistakes Mistakes)
{
    /// <summary>The data's shape, once the data check has found it.</summary>
    public DatasetShape? Data { get; set; }

    /// <summary>The model for this data, once the shape check has built it.</summary>
    public IObjective? Objective { get; set; }

    /// <summary>
    /// The memory of one replica, in bytes, once the model has been asked; null where it could not
    /// tell.
    /// </summary>
    public long? ReplicaBytes { get; set; }

    /// <summary>The memory that the run takes, once it is estimated.</summary>
    public MemoryEstimate? Memory { get; set; }

    public IOptimizer? Optimizer => Plugins.Get<IOptimizer>(Pipeline.Optimizer.Rule);

    public IConsistency? Consistency => Plugins.Get<IConsistency>(Pipeline.Consistency);

    /// <summary>Null without a rule, too.</summary>
    public IWorkerRule? Rule => Pipeline.Workers.Rule is { } rule ? Plugins.Get<IWorkerRule>(rule) : null;

    public void Add(string path, string message) => Plugins.Add(path, message);
}

/// <summary>Checks one topic of a pipeline across its sections.</summary>
internal interface IPipelineCheck
{
    /// <summary>
    /// The document's keys that it looks at, and that what it takes from earlier checks was made
    /// of: where they are the same, so is what it finds.
    /// </summary>
    IReadOnlyList<string> Reads { get; }

    /// <summary>
    /// What it looks at of a key that is not among <see cref="Reads"/>, as a number, where it needs
    /// little of a key that varies much: one of the cells of a sweep is checked for all that have
    /// the same.
    /// </summary>
    long Detail(ResolvedPipeline pipeline) => 0;

    void Run(CheckContext context);
}
