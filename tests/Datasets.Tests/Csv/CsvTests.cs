using System.Text;
using Orchestrator.Abstractions;

namespace Orchestrator.Datasets.Tests;

public sealed class CsvTests : IDisposable
{
    private const string Flowers = "length,width,label\n5.1,3.5,setosa\n4.9,3,setosa\n6.3,3.3,virginica\n7,3.2,versicolor\n";

    private static readonly CsvOptions Shared = new("own.csv", TestShare: 0.25, Normalize: false);

    private static readonly Dictionary<string, (string Content, CsvOptions Options, string[] Message)> Hostile = new()
    {
        ["empty"] = ("", Shared, ["it is empty"]),
        ["blank lines only"] = ("\n\r\n\n", Shared, ["it has no lines"]),
        ["a header only"] = ("a,label\n", Shared, ["it has no rows"]),
        ["one row"] = ("a,label\n1,x\n", Shared, ["one sample; a training and a test part need two"]),
        ["no label"] = ("a,b\n1,2\n", Shared, ["line 1: there is no column 'label' (label); there are a, b"]),
        ["no inputs"] = ("label\nx\ny\n", Shared, ["there is no column of inputs"]),
        ["a column of inputs that is not there"] = (Flowers, Shared with { Inputs = ["length", "depth"] }, ["line 1: there is no column 'depth' (inputs)"]),
        ["a column of groups that is not there"] = (
            "user_id,a,label\n1,2,x\n3,4,y\n",
            Shared with { Group = "userid" },
            ["line 1: there is no column 'userid' (group); there are user_id, a, label; did you mean 'user_id'?"]),
        ["a row of no group"] = ("user,a,label\nann,2,x\n ,4,y\n", Shared with { Group = "user" }, ["line 3: column 'user': it is empty; a group is expected"]),
        ["two columns of a name"] = ("a,a,label\n1,2,x\n3,4,y\n", Shared with { Inputs = ["a"] }, ["two columns are called 'a' (inputs)"]),
        ["two columns of a name, not asked for"] = ("x,x,label\n1,2,a\n3,4,b\n", Shared, ["two columns are called 'x' (inputs)"]),
        ["an input twice"] = (Flowers, Shared with { Inputs = ["length", "length"] }, ["'length' is among the inputs more than once"]),
        ["the label as an input"] = ("a,label\n1,2\n3,4\n", Shared with { Inputs = ["a", "label"] }, ["'label' is to be predicted (label), so it cannot be among the inputs"]),
        ["a missing value"] = ("a,b,label\n1,2,x\n\n3,,y\n", Shared, ["line 4: column 'b': the value is missing"]),
        ["a word"] = ("a,b,label\n1,2,x\n3,NA,y\n", Shared, ["line 3: column 'b': 'NA' is no finite number"]),
        ["not a number"] = ("a,label\n1,x\nnan,y\n", Shared, ["line 3: column 'a': 'nan' is no finite number"]),
        ["too large"] = ("a,label\n1,x\n1e999,y\n", Shared, ["'1e999' is no finite number"]),
        ["a missing label"] = ("a,label\n1,x\n2, \n", Shared, ["line 3: column 'label': it is empty"]),
        ["a label that is not listed"] = (
            Flowers, Shared with { ClassNames = ["setosa", "virginica"] }, ["line 5: column 'label': 'versicolor' is none of classNames: setosa, virginica"]),
        ["too few fields"] = ("a,b,label\n1,2,x\n3,y\n", Shared, ["line 3: it has 2 fields; 3 are expected"]),
        ["too many fields"] = ("a,b,label\n1,2,x\n3,4,5,y\n", Shared, ["line 3: it has 4 fields"]),
        ["an open quote"] = ("a,label\n1,\"x\n2,y\n", Shared, ["line 2: a quote is opened and never closed"]),
        ["text after a quote"] = ("a,label\n\"1\"2,x\n2,y\n", Shared, ["line 2: field 1 goes on after its closing quote"]),
        ["a label without end"] = ("a,label\n1," + new string('x', 300) + "\n2,y\n", Shared, ["line 2: column 'label': it is longer than 256 characters"]),
        ["fields without end"] = (new string(',', 70_000), Shared, ["line 1: it has more than 65,536 fields"]),
        ["a record without end"] = ("a,label\n" + new string('x', (1 << 24) + 10), Shared, ["line 2: it has more than 16,777,216 bytes"]),
        ["a terminal's controls"] = ("a,\u001b[31mlabel\n1,x\n", Shared, ["there are a, ?[31mlabel"]),
    };

    private readonly TemporaryFolder folder = new();

    public static TheoryData<string> HostileNames => [.. Hostile.Keys];

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Columns_are_found_by_name_and_classes_in_the_order_of_the_alphabet()
    {
        folder.Write("own.csv", Encoding.UTF8.GetBytes(Flowers));
        folder.Write("test.csv", "label,width,length\r\nvirginica,1,2\r\n"u8);
        var dataset = new Csv(new CsvOptions("own.csv", "test.csv", Normalize: false));
        var shape = dataset.Describe(folder.Folders);
        Assert.Equal([2], shape.Input);
        Assert.Equal(["setosa", "versicolor", "virginica"], shape.ClassNames);
        Assert.Equal((4, 1), (shape.TrainCount, shape.TestCount));
        var data = dataset.Load(folder.Folders);
        Assert.Equal([0, 0, 2, 1], data.Train.Labels.ToArray());
        Assert.Equal([5.1f, 3.5f, 4.9f, 3, 6.3f, 3.3f, 7, 3.2f], Rows.Of(data.Train, 2));
        Assert.Equal([2f, 1f], Rows.Of(data.Test, 2));
    }

    [Theory]
    [InlineData("user,a,label\nu0,1,x\nu1,2,y\n", null, "line 2: column 'user': 'u0' is no finite number")]
    [InlineData("a,price\n1,cheap\n2,dear\n", "price", "line 2: column 'price': 'cheap' is no finite number")]
    public void A_column_of_words_is_refused_before_samples_are_read(string text, string? value, string message)
    {
        folder.Write("own.csv", Encoding.UTF8.GetBytes(text));
        var refused = Assert.Throws<DataException>(() => new Csv(Shared with { Value = value }).Describe(folder.Folders)).Message;
        Assert.Contains(message, refused, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a,b,label\n1,2,\"x\"\n3,4,y\n")]
    [InlineData("\uFEFFa,b,label\r\n1,2,x\r\n3,4,y")]
    [InlineData("a,b,label\r\r1 , 2,x\r3,4,y\r")]
    [InlineData("\"a\",\"b\",label\n\"1\",\"2\",x\n\n\n\"3\",4, y \n\n")]
    public void Quotes_line_ends_marks_and_blanks_change_nothing(string content)
    {
        folder.Write("own.csv", Encoding.UTF8.GetBytes(content));
        var data = new Csv(new CsvOptions("own.csv", "own.csv", Normalize: false)).Load(folder.Folders);
        Assert.Equal([1f, 2, 3, 4], Rows.Of(data.Train, 2));
        Assert.Equal([0, 1], data.Train.Labels.ToArray());
    }

    [Fact]
    public void A_quoted_field_may_hold_separators_line_ends_and_quotes()
    {
        folder.Write("own.csv", "a;label\n1;\"say \"\"x; y\"\"\nand go\"\n2;b\n"u8);
        var shape = new Csv(new CsvOptions("own.csv", "own.csv", Separator: ";")).Describe(folder.Folders);
        Assert.Equal(["b", "say \"x; y\"\nand go"], shape.ClassNames);
    }

    [Fact]
    public void Without_a_header_columns_are_numbered_and_numbered_classes_are_in_their_order()
    {
        folder.Write("own.tsv.gz", TemporaryFolder.Gzip("10\t1\t2\t3\t4\n9\t5\t6\t7\t8\n"u8));
        var dataset = new Csv(new CsvOptions("own.tsv.gz", "own.tsv.gz", Label: "1", Header: false, Separator: "\t", InputShape: [1, 2, 2], Normalize: false));
        Assert.Equal([1, 2, 2], dataset.Describe(folder.Folders).Input);
        Assert.Equal(["9", "10"], dataset.Describe(folder.Folders).ClassNames);
        Assert.Equal([1f, 2, 3, 4, 5, 6, 7, 8], Rows.Of(dataset.Load(folder.Folders).Train, 4));
        Assert.Equal([1, 0], dataset.Load(folder.Folders).Train.Labels.ToArray());
    }

    [Fact]
    public void A_compressed_file_that_was_cut_off_is_no_shorter_file()
    {
        var text = string.Concat("a,b,label\n", string.Concat(Enumerable.Range(0, 20_000).Select(i => $"{i % 97},{(i * 7919) % 1009},{(i % 3 == 0 ? "x" : "y")}\n")));
        var whole = TemporaryFolder.Gzip(System.Text.Encoding.UTF8.GetBytes(text));

        // The last four bytes are a length that may be: only the stream's own end tells.
        byte[] cut = [.. whole[..(whole.Length * 2 / 3)], .. whole[^4..]];
        folder.Write("own.csv.gz", cut);
        Assert.Throws<DataException>(() => new Csv(new CsvOptions("own.csv.gz", TestShare: 0.25)).Load(folder.Folders));
    }

    [Fact]
    public void Rows_have_natural_groups_which_are_no_inputs()
    {
        folder.Write("own.csv", "user,x,label\nbob,1,a\nann,2,b\nbob,3,a\n"u8);
        folder.Write("test.csv", "x,label\n4,b\n"u8);
        var dataset = new Csv(new CsvOptions("own.csv", "test.csv", Group: "user", Normalize: false));
        var (shape, data) = (dataset.Describe(folder.Folders), dataset.Load(folder.Folders));

        Assert.Equal([1], shape.Input);
        Assert.Equal(["ann", "bob"], shape.GroupNames);
        Assert.Equal([1, 0, 1], data.Train.Groups.ToArray());
        Assert.True(data.Test.Groups.IsEmpty);
        Assert.Equal([1f, 2, 3], Rows.Of(data.Train, 1));
        var plain = new Csv(new CsvOptions("own.csv", "test.csv", Inputs: ["x"], Normalize: false)).Load(folder.Folders);
        Assert.NotEqual(plain.Fingerprint, data.Fingerprint);
    }

    [Fact]
    public void Groups_that_are_numbers_are_in_their_order()
    {
        folder.Write("own.csv", "user,x,label\n10,1,a\n9,2,b\n10,3,a\n"u8);
        Assert.Equal(["9", "10"], new Csv(new CsvOptions("own.csv", "own.csv", Group: "user")).Describe(folder.Folders).GroupNames);
    }

    [Fact]
    public void Many_rows_across_pieces_of_the_file_are_split_and_limited()
    {
        var text = new StringBuilder("x,y,label\n");
        for (var i = 0; i < 20_000; i++)
        {
            text.Append(i).Append(',').Append(i / 7.0f).Append(',').Append(i % 3).Append('\n');
        }

        folder.Write("own.csv", Encoding.UTF8.GetBytes(text.ToString()));
        var data = new Csv(Shared with { TestLimit = 1000 }).Load(folder.Folders);
        Assert.Equal((15_000, 1000), (data.Train.Count, data.Test.Count));
        var (train, test) = (Rows.Of(data.Train, 2), Rows.Of(data.Test, 2));
        Assert.Equal(16_000, train.Concat(test).Where((_, i) => i % 2 == 0).Distinct().Count());
        Assert.All(Enumerable.Range(0, 15_000), i => Assert.Equal((train[2 * i] / 7, (int)train[2 * i] % 3), (train[(2 * i) + 1], data.Train.Labels[i])));
    }

    [Theory(Timeout = 30_000)]
    [MemberData(nameof(HostileNames))]
    public void A_wrong_file_is_named_with_the_place(string name)
    {
        var (content, options, parts) = Hostile[name];
        folder.Write("own.csv", Encoding.UTF8.GetBytes(content));
        var message = Assert.Throws<DataException>(() => new Csv(options).Load(folder.Folders)).Message;
        Assert.StartsWith(folder["own.csv"], message);
        Assert.All(parts, part => Assert.Contains(part, message));
    }

    [Theory]
    [InlineData("a,label\n1,x\n2,caf\u00e9\n", "label", null, "line 3: column 'label': the label is no UTF-8 text ('caf\ufffd'); save the file as UTF-8")]
    [InlineData("who,a,label\nJos\u00e9,1,x\n", "label", "who", "line 2: column 'who': the group is no UTF-8 text ('Jos\ufffd'); save the file as UTF-8")]
    [InlineData("a,\u00e9\n1,x\n", "\u00e9", null, "line 1: the name of column 2 is no UTF-8 text ('\ufffd'); save the file as UTF-8")]
    public void Text_that_is_no_UTF_8_is_named_with_the_place(string content, string label, string? group, string expected)
    {
        folder.Write("own.csv", Encoding.Latin1.GetBytes(content));
        var message = Assert.Throws<DataException>(() => new Csv(Shared with { Label = label, Group = group }).Load(folder.Folders)).Message;
        Assert.Equal($"{folder["own.csv"]}: {expected}", message);
    }

    [Fact]
    public void A_column_of_values_takes_the_place_of_labels()
    {
        folder.Write("own.csv", "price,a,b\n-3.5,1,2\n1e2,3,4\n"u8);
        var dataset = new Csv(new CsvOptions("own.csv", "own.csv", Value: "price", Normalize: false));
        Assert.Equal((0, 1), (dataset.Describe(folder.Folders).Classes, dataset.Describe(folder.Folders).Values));
        var data = dataset.Load(folder.Folders);
        Assert.Equal([1f, 2, 3, 4], Rows.Of(data.Train, 2));
        Assert.Equal([-3.5f, 100], data.Test.Values.ToArray());
        folder.Write("own.csv", "price,a,b\n-3.5,1,2\n,3,4\n"u8);
        Assert.Contains("line 3: column 'price': the value is missing", Assert.Throws<DataException>(() => dataset.Load(folder.Folders)).Message);
    }

    [Fact]
    public void Options_that_do_not_fit_are_refused()
    {
        folder.Write("own.csv", Encoding.UTF8.GetBytes(Flowers));
        Assert.Equal("testShare", Refused(new CsvOptions("own.csv")));
        Assert.Equal("testShare", Refused(new CsvOptions("own.csv", "own.csv", 0.5)));
        Assert.Equal("separator", Refused(Shared with { Separator = "ab" }));
        Assert.Equal("separator", Refused(Shared with { Separator = "\"" }));
        Assert.Equal("inputShape", Refused(Shared with { InputShape = [3] }));
        Assert.Equal("value", Refused(Shared with { Value = "length", ClassNames = ["a"] }));
        Assert.Equal("inputShape", Refused(Shared with { InputShape = [1, 2] }));

        string Refused(CsvOptions options) => Assert.Throws<OptionException>(() => new Csv(options).Describe(folder.Folders)).Option;
    }
}
