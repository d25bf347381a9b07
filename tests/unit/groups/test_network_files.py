import pytest

from groups.network_files import MAX_BYTES, NetworkFileError, read_network

NODES = b"id,name\n1,Ann\n2,Bob\n3,Cid\n"
EDGES = b"source,target\n1,2\n3,2\n"


def test_read_network_returns_names_and_links_by_name():
    found = read_network(NODES, EDGES)

    assert found.names == ("Ann", "Bob", "Cid")
    assert found.links == (("Ann", "Bob"), ("Bob", "Cid"))
    assert found.not_taken == ()


def test_read_network_takes_only_the_columns_it_asks_for():
    nodes = b"Ethnicity,name,id,Birthplace\nx,Ann,1,y\nx,Bob,2,y\n"
    edges = b"weight,source,target\n9,1,2\n"

    found = read_network(nodes, edges)

    assert found.names == ("Ann", "Bob")
    assert found.links == (("Ann", "Bob"),)
    assert found.not_taken == ("nodes.Ethnicity", "nodes.Birthplace", "edges.weight")


def test_read_network_counts_a_repeated_link_once_either_way():
    found = read_network(NODES, b"source,target\n1,2\n2,1\n1,2\n")

    assert found.links == (("Ann", "Bob"),)


def test_read_network_bears_byte_order_mark_crlf_quotes_and_empty_lines():
    nodes = b'\xef\xbb\xbfid,name\r\n1,"Ann, the first"\r\n\r\n2, Bob \r\n'

    found = read_network(nodes, b"source,target\r\n1,2\r\n")

    assert found.names == ("Ann, the first", "Bob")


def test_read_network_without_links_is_a_network():
    assert read_network(NODES, b"source,target\n").links == ()


@pytest.mark.parametrize(
    ("nodes", "edges", "field", "words"),
    [
        pytest.param(b"", EDGES, "nodes", "begin with a header", id="empty"),
        pytest.param(b"id,name\n", EDGES, "nodes", "at least one row", id="no-rows"),
        pytest.param(
            b"id,label\n1,Ann\n", EDGES, "nodes line 1", "name is missing", id="no-name"
        ),
        pytest.param(
            NODES,
            b"from,to\n1,2\n",
            "edges line 1",
            "source and target is missing",
            id="no-ends",
        ),
        pytest.param(
            "id,name\n1,Zoë\n".encode("latin-1"), EDGES, "nodes", "UTF-8", id="latin-1"
        ),
        pytest.param(NODES.decode().encode("utf-16"), EDGES, "nodes", "UTF-8", id="16"),
        pytest.param(
            b"id,name\n1,Ann,x\n", EDGES, "nodes line 2", "2 cells", id="long-row"
        ),
        pytest.param(b"id,name\n1\n", EDGES, "nodes line 2", "2 cells", id="short-row"),
        pytest.param(
            b"id,name\n1, \n",
            EDGES,
            "nodes line 2, column name",
            "not be empty",
            id="empty-name",
        ),
        pytest.param(
            b"id,name\n1,Ann\n1,Bob\n",
            EDGES,
            "nodes line 3, column id",
            "stands twice",
            id="repeated-id",
        ),
        pytest.param(
            b"id,name\n1,Ann\n2,Ann\n",
            EDGES,
            "nodes line 3, column name",
            "stands twice",
            id="repeated-name",
        ),
        pytest.param(
            NODES,
            b"source,target\n1,2\n1,9\n",
            "edges line 3, column target",
            "'9' is none",
            id="unknown-end",
        ),
        pytest.param(
            b"id,name\n1,An\0n\n",
            EDGES,
            "nodes line 2, column name",
            "not text",
            id="null-character",
        ),
        pytest.param(
            b"id,name,name\n1,Ann,Eve\n",
            EDGES,
            "nodes line 1, column name",
            "once only",
            id="repeated-column",
        ),
        pytest.param(
            NODES,
            b"source,target,source\n1,2,3\n",
            "edges line 1, column source",
            "once only",
            id="repeated-end",
        ),
        pytest.param(
            NODES, b"source,target\n1,1\n", "edges line 2", "itself", id="self-link"
        ),
        pytest.param(
            b'id,name\n1,"Ann\n', EDGES, "nodes line 2", "must be CSV", id="open-quote"
        ),
        pytest.param(
            b" " * (MAX_BYTES + 1),
            EDGES,
            "nodes",
            "may hold 20,000,000",
            id="oversized",
        ),
    ],
)
def test_read_network_refuses_with_place_rule_and_cure(nodes, edges, field, words):
    with pytest.raises(NetworkFileError, match=words) as caught:
        read_network(nodes, edges)

    assert caught.value.field == field
    assert caught.value.details["rule"]
    assert caught.value.details["cure"]


def test_read_network_hands_over_bad_rows_and_goes_on():
    faults = []
    nodes = b"id,name\n1,Ann\n1,Eve\n2,\n3,Cid\n4\n5,Ann\n"
    edges = b"source,target\n1,3\n3,3\n1,2\n"

    found = read_network(nodes, edges, on_bad_row=faults.append)

    assert found.names == ("Ann", "Cid")
    assert found.links == (("Ann", "Cid"),)
    assert [fault.field for fault in faults] == [
        "nodes line 3, column id",
        "nodes line 4, column name",
        "nodes line 6",
        "nodes line 7, column name",
        "edges line 3",
        "edges line 4, column target",
    ]


def test_read_network_refuses_two_names_that_become_one():
    nodes = b"id,name\na,1\nb,Actor 1\nc,Ann\n"
    faults = []
    found = read_network(
        nodes,
        b"source,target\na,c\n",
        on_bad_row=faults.append,
        called=lambda name: f"Actor {name}" if name.isdecimal() else name,
    )

    assert found.names == ("1", "Ann")
    [fault] = faults
    assert fault.field == "nodes line 3, column name"
    assert "'Actor 1' and '1'" in fault.message
    assert read_network(nodes, b"source,target\n").names == ("1", "Actor 1", "Ann")
