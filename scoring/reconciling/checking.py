"""Compare every group's stored lines with what they should be."""

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import batched

from django.db import transaction
from django.utils import timezone

from accounts.models import Tag
from accounts.visibility import Viewer
from groups.models import CrimeGroup
from ocgmap.common.acting import acting_as
from ocgmap.common.scope import Scope
