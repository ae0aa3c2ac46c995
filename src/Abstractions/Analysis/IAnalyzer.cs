namespace Orchestrator.Abstractions;

/// <summary>
/// Reads recorded runs and says what they show. It streams the records, keeps no more of them than
/// it reports, and is a function of the records and its options alone: the same runs, in the same
/// order, give the same findings, on any machine of one kind. It reads a clock or a random source
/// of its own never; what it draws, for a control, comes from a stream with a fixed seed. Several
/// threads may analyze different runs with one instance at the same time.
/// </summary>
public interface IAnalyzer
{
    /// <summary>Whether runs are looked at one by one or against each other.</summary>
    AnalyzerScope Scope { get; }

    /// <summary>
    /// What the runs show, the most serious first where it matters. A run that holds too little to
    /// say anything gives no finding; so does a record that cannot be read from its beginning.
    /// </summary>
    /// <param name="runs">One run where the scope is <see cref="AnalyzerScope.EachRun"/>; else all
    /// of them, at least one.</param>
    /// <param name="stop">Ends the analysis early.</param>
    /// <exception cref="OperationCanceledException">It was ended early.</exception>
    IReadOnlyList<Finding> Analyze(IReadOnlyList<IRunRecords> runs, CancellationToken stop);
}

/// <summary>What an analyzer looks at.</summary>
public enum AnalyzerScope
{
    /// <summary>One run at a time.</summary>
    EachRun,

    /// <summary>All runs, compared with each other.</summary>
    AllRuns,
}
