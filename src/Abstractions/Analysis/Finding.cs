namespace Orchestrator.Abstractions;

/// <summary>
/// What an analyzer found: a number, a sentence, the place in the record that shows it, and the
/// control that must not show it. Where the control does not behave, the finding is inconclusive,
/// whatever grade was asked for.
/// </summary>
public sealed record Finding
{
    private readonly FindingGrade grade;

    /// <summary>What kind of finding, kebab-case: <c>slow-worker</c>.</summary>
    public required string Name { get; init; }

    /// <summary>
    /// What it is about: <c>worker 3</c>, <c>optimizer.momentum</c>; empty for the whole run.
    /// </summary>
    public string Subject { get; init; } = "";

    /// <summary>
    /// How serious it is; <see cref="FindingGrade.Inconclusive"/> where the control does not hold.
    /// </summary>
    public required FindingGrade Grade
    {
        get => Control.Holds ? grade : FindingGrade.Inconclusive;
        init => grade = value;
    }

    /// <summary>The number that says it; finite.</summary>
    public required double Number { get; init; }

    /// <summary>The number's unit; empty for a ratio or a plain count.</summary>
    public string Unit { get; init; } = "";

    /// <summary>One sentence that a person reads, with the number in it.</summary>
    public required string Sentence { get; init; }

    /// <summary>The place in the record that shows it.</summary>
    public required FindingPlace Place { get; init; }

    /// <summary>What must not show it.</summary>
    public required FindingControl Control { get; init; }

    /// <summary>
    /// Numbers behind it, by name, in the order in which they are shown; not finite ones are null
    /// in JSON. Empty where there are none.
    /// </summary>
    public IReadOnlyList<KeyValuePair<string, double>> Details { get; init; } = [];
}

/// <summary>How serious a finding is.</summary>
public enum FindingGrade
{
    /// <summary>The run's result does not stand.</summary>
    Error,

    /// <summary>The run's result may not mean what it seems to.</summary>
    Warning,

    /// <summary>Something worth a look.</summary>
    Hint,

    /// <summary>A measurement; nothing is wrong.</summary>
    Measured,

    /// <summary>Nothing can be concluded: the control shows it too.</summary>
    Inconclusive,
}

/// <summary>Where a finding is seen.</summary>
/// <param name="Run">The run, <c>NAME/ID-ATTEMPT</c>.</param>
/// <param name="File">The file in the run's folder.</param>
/// <param name="Line">The line, from 1.</param>
public readonly record struct FindingPlace(string Run, string File, long Line)
{
    /// <summary>A record of a run.</summary>
    public FindingPlace(RunFacts run, RecordPlace place) : this(run.Title, place.File, place.Line)
    {
    }

    /// <summary><c>quickstart/3f2a-1/updates.csv:17</c>.</summary>
    public override string ToString() => FormattableString.Invariant($"{Run}/{File}:{Line}");
}

/// <summary>
/// The same computation where the finding must not appear: shuffled labels, the other half of the
/// pushes, runs without the fault.
/// </summary>
/// <param name="Sentence">What was done, and what came of it.</param>
/// <param name="Number">The finding's number, as the control has it; finite.</param>
/// <param name="Holds">Whether the control behaves; without it nothing is claimed.</param>
public sealed record FindingControl(string Sentence, double Number, bool Holds);
