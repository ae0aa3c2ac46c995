using Orchestrator.Abstractions;

namespace Orchestrator.Datasets;

/// <summary>Names of the four idx files, and what is published under them.</summary>
internal static class IdxFiles
{
    // Before the two sets, which are built from it.
    public static readonly IReadOnlyList<string> Names =
        ["train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"];

    // The authors' own page often refuses, so the mirrors that the large frameworks use come first.
    public static readonly OfficialFiles Mnist = Published(
        "MNIST, by Yann LeCun, Corinna Cortes and Christopher J.C. Burges; CC BY-SA 3.0",
        ["https://ossci-datasets.s3.amazonaws.com/mnist/", "https://storage.googleapis.com/cvdf-datasets/mnist/", "http://yann.lecun.com/exdb/mnist/"],
        (9_912_422, "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609"),
        (28_881, "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c"),
        (1_648_877, "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6"),
        (4_542, "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6"));

    public static readonly OfficialFiles FashionMnist = Published(
        "Fashion-MNIST, by Zalando SE; MIT licence",
        [
            "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/",
            "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
        ],
        (26_421_880, "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84"),
        (29_515, "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845"),
        (4_422_102, "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073"),
        (5_148, "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5"));

    // In the order of Names.
    private static OfficialFiles Published(string terms, string[] places, params ReadOnlySpan<(long Length, string Sha256)> files)
    {
        var published = new OfficialFile[files.Length];
        for (var i = 0; i < files.Length; i++)
        {
            var name = Names[i] + ".gz";
            published[i] = new OfficialFile(name, [.. places.Select(place => place + name)], files[i].Length, files[i].Sha256, []);
        }

        return new OfficialFiles(terms, published);
    }
}
