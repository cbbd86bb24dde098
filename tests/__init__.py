"""Tests of hftgen; a package so that they can share code."""
