namespace Weft.Http.Tests.Http2.Streams;

public sealed class StreamTableTests
{
    [Fact]
    public async Task The_table_finds_what_a_dictionary_finds_with_old_streams_among_new_ones()
    {
        await using var server = new Http2TestServer();
        await server.OnLoopAsync(async () =>
        {
            var client = await ClientRun.ConnectAsync(server.Loop, server.EndPoint);
            var table = new StreamTable();
            var model = new Dictionary<int, Http2Stream>();
            var random = new Random(7);
            var next = 1;
            for (var step = 0; step < 20_000; step++)
            {
                if (model.Count < 100 && random.Next(2) == 0)
                {
                    var stream = new Http2Stream(client.Connection, new Nobody());
                    stream.Begin(next, 0, 65_535);
                    next += 2;
                    table.Add(stream);
                    model.Add(stream.Id, stream);
                }
                else if (model.Count > 0)
                {
                    // The oldest are kept the longest, so that new ones wrap round them.
                    var id = model.Keys.Max() - (2 * random.Next(3));
                    if (model.Remove(id, out var stream))
                    {
                        table.Remove(stream);
                    }
                }

                var probe = random.Next(next + 2) | 1;
                Assert.Same(model.GetValueOrDefault(probe), table.Find(probe));
                Assert.Equal(model.Count, table.Count);
            }

            return await client.EndAsync();
        });
    }

    private sealed class Nobody : IStreamOwner
    {
        public void OnWake() { }
    }
}
