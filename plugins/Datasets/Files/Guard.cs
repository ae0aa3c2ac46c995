using Orchestrator.Abstractions;

namespace Orchestrator.Datasets;

/// <summary>
/// Makes a sentence of whatever a library throws at a file that is not what it should be.
/// </summary>
internal static class Guard
{
    /// <summary>Runs what reads.</summary>
    /// <param name="where">What the sentence begins with.</param>
    /// <param name="read">Runs once.</param>
    /// <exception cref="DataException">It failed, by whatever a reader of damaged files may
    /// throw.</exception>
    public static T Reading<T>(string where, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (EndOfStreamException failure)
        {
            throw new DataException($"{where}: it is truncated: it ends where more is expected", failure);
        }
        catch (Exception failure) when (failure is not (DataException or OptionException or OutOfMemoryException))
        {
            throw new DataException($"{where}: it is damaged, or cannot be read: {Plain(failure.Message)}", failure);
        }
    }

    /// <summary>
    /// Text from a file, short and without characters that could write to a terminal.
    /// </summary>
    public static string Plain(string text) =>
        new([.. text.Take(200).Select(letter => char.IsControl(letter) || char.IsSurrogate(letter) ? '?' : letter)]);

    /// <summary>
    /// Names that a file has, the first of them, and the one that was probably meant.
    /// </summary>
    public static string Names(string wanted, IReadOnlyCollection<string> names) =>
        $"{string.Join(", ", names.Take(20).Select(Plain))}{(names.Count > 20 ? ", ..." : "")}{Plain(NearestMatch.Suffix(wanted, names.Take(1000)))}";
}
