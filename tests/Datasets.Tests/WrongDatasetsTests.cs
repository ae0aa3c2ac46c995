using Orchestrator.Abstractions;
using Orchestrator.Testing;
using Xunit.Sdk;

namespace Orchestrator.Datasets.Tests;

/// <summary>
/// For each clause of the contract, a dataset that breaks it, and the suite's verdict on it.
/// </summary>
public sealed class WrongDatasetsTests
{
    private static int loads;

    [Fact]
    public void The_right_one_passes()
    {
        var suite = new Suite(new Toy());
        suite.The_description_agrees_with_what_is_loaded();
        suite.Every_sample_has_a_class_that_is_named_or_none_has_one();
        suite.Inputs_are_finite_and_every_element_is_written();
        suite.A_row_is_the_same_in_every_batch();
        suite.A_row_outside_is_refused();
        suite.Gathering_allocates_nothing();
        suite.Threads_may_gather_at_once();
        suite.Loading_again_gives_the_same_data();
        suite.Official_files_can_be_asked_for_and_checked();
    }

    [Fact]
    public void A_count_that_disagrees_is_caught() => Caught(new Toy { Described = 5 }, suite => suite.The_description_agrees_with_what_is_loaded());

    [Fact]
    public void A_label_without_a_name_is_caught() =>
        Caught(new Toy { Labels = [0, 1, 2, 1] }, suite => suite.Every_sample_has_a_class_that_is_named_or_none_has_one());

    [Fact]
    public void A_missing_label_is_caught() => Caught(new Toy { Labels = [0, 1] }, suite => suite.Every_sample_has_a_class_that_is_named_or_none_has_one());

    [Fact]
    public void An_input_that_is_left_as_it_was_is_caught() =>
        Caught(new Toy { Fill = (_, _, row) => row[1] = 1 }, suite => suite.Inputs_are_finite_and_every_element_is_written());

    [Fact]
    public void A_row_that_depends_on_its_batch_is_caught() =>
        Caught(new Toy { Fill = (_, position, row) => row.Fill(position) }, suite => suite.A_row_is_the_same_in_every_batch());

    [Fact]
    public void A_row_outside_that_is_accepted_is_caught() => Caught(new Toy { Checks = false }, suite => suite.A_row_outside_is_refused());

    [Fact]
    public void An_allocation_is_caught() =>
        Caught(new Toy { Fill = (number, _, row) => new float[] { number, number }.CopyTo(row) }, suite => suite.Gathering_allocates_nothing());

    [Fact]
    public void Data_that_change_from_load_to_load_are_caught() =>
        Caught(new Toy { Print = () => $"{Interlocked.Increment(ref loads):x64}" }, suite => suite.Loading_again_gives_the_same_data());

    [Fact]
    public void A_file_that_cannot_be_checked_is_caught() => Caught(
        new Toy { Files = new OfficialFiles("ours", [new OfficialFile("toys", ["https://example.org/toys"], 5, "md5", [])]) },
        suite => suite.Official_files_can_be_asked_for_and_checked());

    private static void Caught(Toy toy, Action<DatasetContract> clause) => Assert.ThrowsAny<XunitException>(() => clause(new Suite(toy)));

    private delegate void Filling(int number, int position, Span<float> row);

    private sealed class Suite(Toy toy) : DatasetContract
    {
        public override IDataset Create() => toy;
    }

    /// <summary>
    /// Four training samples and as many test samples of two features and two classes.
    /// </summary>
    private sealed record Toy : IDataset, ILoadedDataset, ISamples
    {
        public int Described { get; init; } = 4;

        public int[] Labels { get; init; } = [0, 1, 1, 0];

        public bool Checks { get; init; } = true;

        public Filling Fill { get; init; } = (number, _, row) => row.Fill(number);

        public Func<string> Print { get; init; } = () => new string('0', 64);

        public OfficialFiles? Files { get; init; }

        public OfficialFiles? Official => Files;

        public int Count => 4;

        public ISamples Train => this;

        public ISamples Test => this;

        public string Fingerprint => Print();

        ReadOnlySpan<int> ISamples.Labels => Labels;

        public DatasetShape Describe(DataFolders folders) => new([2], ["no", "yes"], Described, 4);

        public ILoadedDataset Load(DataFolders folders) => this;

        public void Gather(ReadOnlySpan<int> rows, Span<float> inputs)
        {
            for (var i = 0; i < rows.Length; i++)
            {
                ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)rows[i], Checks ? 4u : uint.MaxValue, nameof(rows));
                Fill(rows[i], i, inputs.Slice(2 * i, 2));
            }
        }
    }
}
