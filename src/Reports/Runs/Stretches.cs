namespace Orchestrator.Reports;

/// <summary>
/// A stream of rows of unknown length in a bounded number of stretches. Every stretch holds as many
/// rows (the last may hold fewer): one at first, twice as many whenever they would be too many.
/// </summary>
/// <typeparam name="TStretch">What is kept of a stretch.</typeparam>
/// <param name="most">The largest number of stretches, even.</param>
/// <param name="make">Makes an empty one.</param>
/// <param name="join">Adds the later to the earlier.</param>
internal sealed class Stretches<TStretch>(int most, Func<TStretch> make, Action<TStretch, TStretch> join)
{
    private readonly List<TStretch> all = [];

    public IReadOnlyList<TStretch> All => all;

    /// <summary>Rows in a stretch.</summary>
    public long Rows { get; private set; } = 1;

    /// <summary>Rows so far.</summary>
    public long Count { get; private set; }

    /// <summary>The stretch that the next row belongs to; the row counts.</summary>
    public TStretch Next()
    {
        if (Count == Rows * most)
        {
            for (var i = 0; i < most / 2; i++)
            {
                all[i] = all[2 * i];
                join(all[i], all[(2 * i) + 1]);
            }

            all.RemoveRange(most / 2, most / 2);
            Rows *= 2;
        }

        if (Count++ == Rows * all.Count)
        {
            all.Add(make());
        }

        return all[^1];
    }
}
