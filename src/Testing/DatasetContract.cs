using Orchestrator.Abstractions;
using Xunit;

namespace Orchestrator.Testing;

/// <summary>What every dataset must keep to; a dataset's test class inherits it.</summary>
public abstract class DatasetContract
{
    private ILoadedDataset? loaded;

    /// <summary>A dataset with typical options; any two are equal.</summary>
    public abstract IDataset Create();

    /// <summary>Where its files are; nowhere for a dataset that makes its samples.</summary>
    public virtual DataFolders Folders => new([]);

    private ILoadedDataset Loaded => loaded ??= Create().Load(Folders);

    /// <summary>
    /// What <see cref="IDataset.Describe"/> says of shape, counts and classes is what
    /// <see cref="IDataset.Load"/> gives.
    /// </summary>
    [Fact]
    public void The_description_agrees_with_what_is_loaded()
    {
        var shape = Create().Describe(Folders);
        Assert.NotEmpty(shape.Input);
        Assert.All(shape.Input, size => Assert.True(size > 0, $"A size of the input is {size}."));
        Assert.Equal((shape.TrainCount, shape.TestCount), (Loaded.Train.Count, Loaded.Test.Count));
        Assert.True(shape is { TrainCount: > 0, TestCount: > 0 }, "A part is empty.");
        Assert.Equal(shape.Classes, shape.ClassNames.Distinct(StringComparer.Ordinal).Count());
    }

    /// <summary>
    /// There are labels, or finite values to predict, as many as described, or neither.
    /// </summary>
    [Fact]
    public void Values_are_finite_and_as_many_as_described()
    {
        var shape = Create().Describe(Folders);
        Assert.True(shape.Classes == 0 || shape.Values == 0, "Samples have both classes and values.");
        foreach (var samples in Parts())
        {
            Assert.Equal(samples.Count * shape.Values, samples.Values.Length);
            Assert.True(Array.TrueForAll(samples.Values.ToArray(), float.IsFinite), "A value is not finite.");
        }
    }

    /// <summary>Labels lie in 0 .. classes-1, one per sample, or there are none at all.</summary>
    [Fact]
    public void Every_sample_has_a_class_that_is_named_or_none_has_one()
    {
        var classes = Create().Describe(Folders).Classes;
        foreach (var samples in Parts())
        {
            Assert.Equal(classes == 0 ? 0 : samples.Count, samples.Labels.Length);
            Assert.All(samples.Labels.ToArray(), label => Assert.InRange(label, 0, classes - 1));
        }
    }

    /// <summary>
    /// Training samples are of natural groups that are named, each of one, or none has any.
    /// </summary>
    [Fact]
    public void Every_training_sample_is_of_a_group_that_is_named_or_none_is()
    {
        var groups = Create().Describe(Folders).GroupNames;
        Assert.Equal(groups.Count == 0 ? 0 : Loaded.Train.Count, Loaded.Train.Groups.Length);
        Assert.Equal(groups.Count, groups.Distinct(StringComparer.Ordinal).Count());
        Assert.All(Loaded.Train.Groups.ToArray(), group => Assert.InRange(group, 0, groups.Count - 1));
    }

    /// <summary>
    /// Gathered inputs are finite, and no element of the destination stays as it was.
    /// </summary>
    [Fact]
    public void Inputs_are_finite_and_every_element_is_written()
    {
        foreach (var samples in Parts())
        {
            var inputs = Gather(samples, [.. Enumerable.Range(0, Math.Min(samples.Count, 500))], float.NaN);
            Assert.True(Array.TrueForAll(inputs, float.IsFinite), "An input is not finite, or was left as it was.");
        }
    }

    /// <summary>A row is the same bits alone, in any batch and twice in one.</summary>
    [Fact]
    public void A_row_is_the_same_in_every_batch()
    {
        foreach (var samples in Parts())
        {
            int[] rows = [samples.Count - 1, 0, samples.Count / 2, 0];
            var length = Length();
            var together = Gather(samples, rows, 7);
            for (var i = 0; i < rows.Length; i++)
            {
                Assert.Equal(Gather(samples, [rows[i]], -7), together.AsSpan(i * length, length).ToArray());
            }
        }
    }

    /// <summary>
    /// A row number below 0 or beyond the last sample throws an <see cref="ArgumentException"/>.
    /// </summary>
    [Fact]
    public void A_row_outside_is_refused()
    {
        foreach (var samples in Parts())
        {
            Assert.All([-1, samples.Count, int.MinValue, int.MaxValue], row => Assert.ThrowsAny<ArgumentException>(() => Gather(samples, [0, row], 0)));
        }
    }

    /// <summary>Once warm, gathering allocates no memory.</summary>
    [Fact]
    public void Gathering_allocates_nothing()
    {
        int[] rows = [Loaded.Train.Count - 1, 0];
        var inputs = new float[rows.Length * Length()];
        Loaded.Train.Gather(rows, inputs);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Loaded.Train.Gather(rows, inputs);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    /// <summary>Rows gathered on many threads at once are those gathered alone.</summary>
    [Fact]
    public void Threads_may_gather_at_once()
    {
        var expected = Enumerable.Range(0, Math.Min(64, Loaded.Train.Count)).Select(row => Gather(Loaded.Train, [row], 0)).ToArray();
        Parallel.For(0, 8 * expected.Length, i => Assert.Equal(expected[i % expected.Length], Gather(Loaded.Train, [i % expected.Length], 0)));
    }

    /// <summary>Loading a second time gives the same fingerprint, labels and rows.</summary>
    [Fact]
    public void Loading_again_gives_the_same_data()
    {
        var again = Create().Load(Folders);
        Assert.Equal(Loaded.Fingerprint, again.Fingerprint);
        Assert.Matches("^[0-9a-f]{64}$", again.Fingerprint);
        int[] rows = [0, Loaded.Train.Count - 1];
        Assert.Equal(Gather(Loaded.Train, rows, 0), Gather(again.Train, rows, 0));
        Assert.True(Loaded.Train.Labels.SequenceEqual(again.Train.Labels), "Labels differ.");
        Assert.True(Loaded.Train.Values.SequenceEqual(again.Train.Values), "Values differ.");
    }

    /// <summary>
    /// Files of <see cref="IDataset.Official"/> have plain names, a length, a SHA-256 and addresses
    /// to get them from.
    /// </summary>
    [Fact]
    public void Official_files_can_be_asked_for_and_checked()
    {
        foreach (var file in Create().Official?.Files ?? [])
        {
            Assert.Equal(Path.GetFileName(file.Name), file.Name);
            Assert.Matches("^[0-9a-fA-F]{64}$", file.Sha256);
            Assert.True(file.Length > 0, $"{file.Name} has length {file.Length}.");
            Assert.NotEmpty(file.Addresses);
            Assert.All(file.Addresses, address => Assert.StartsWith("http", new Uri(address, UriKind.Absolute).Scheme));
        }
    }

    private IEnumerable<ISamples> Parts() => [Loaded.Train, Loaded.Test];

    private int Length() => Create().Describe(Folders).SampleLength;

    private float[] Gather(ISamples samples, int[] rows, float before)
    {
        var inputs = new float[rows.Length * Length()];
        Array.Fill(inputs, before);
        samples.Gather(rows, inputs);
        return inputs;
    }
}
